// A sample of a library's vectors, for the calibration of scores.
#pragma once

#include <cstdint>
#include <span>

#include "search/nearest.h"

namespace clipseek::catalog {

struct LibrarySample {
  search::VectorMatrix vectors;  // evenly spread over the library
  std::size_t pictures = 0;      // number of pictures in the whole library
};

// Samples every n-th vector of a stream of unknown length: whenever the sample is full, it drops every other vector and
// doubles n. Deterministic.
class SampleCollector {
 public:
  void add(std::int64_t id, std::span<const float> vector);
  const LibrarySample& sample() const { return sample_; }

 private:
  void halve();

  std::size_t step_ = 1;
  LibrarySample sample_;
};

}  // namespace clipseek::catalog

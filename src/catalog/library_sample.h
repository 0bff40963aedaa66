// Some pictures of a library, to measure scores with.
#pragma once

#include <cstdint>
#include <span>

#include "search/nearest.h"

namespace clipseek::catalog {

struct LibrarySample {
  search::VectorMatrix vectors;  // evenly spread over the library
  std::size_t pictures = 0;      // how many the library has in all
};

// Picks every n-th of a stream of vectors whose length is not known beforehand: whenever it has too many it drops every
// other one, and takes half as many from then on. The same stream gives the same sample.
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

// Compares scores with those of neutral queries (clipseek/strength.h).
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/library_sample.h"
#include "catalog/neutral_cache.h"
#include "clipseek/encoder.h"
#include "clipseek/query.h"
#include "clipseek/strength.h"

namespace clipseek::catalog {

// Measures how neutral queries score in a library. Thread-safe.
class Calibrator {
 public:
  // `encoder` must outlive this object. It encodes the sentences when they are first needed and `cache` does not hold
  // their embeddings.
  explicit Calibrator(Encoder& encoder, NeutralCache cache = NeutralCache({}))
      : encoder_(encoder), cache_(std::move(cache)) {}

  // Loads or computes the embeddings of the English sentences now, so that the first calibration is not delayed.
  void prepare() { sentences(false); }

  // Calibrates queries of the shape of `terms`: the neutral queries have the same weights, with neutral sentences for
  // its texts and pictures of the sample for its pictures. Returns std::nullopt where the library has too few pictures
  // (a single picture cannot be compared with others). Deterministic.
  std::optional<Calibration> calibrate(const std::vector<QueryTerm>& terms, const LibrarySample& sample);

 private:
  const std::vector<Embedding>& sentences(bool chinese);

  Encoder& encoder_;
  NeutralCache cache_;
  std::mutex mutex_;
  std::vector<Embedding> english_;
  std::vector<Embedding> chinese_;
};

// Returns whether a text of `terms` has Chinese characters; such queries are compared with Chinese neutral sentences.
bool is_chinese(const std::vector<QueryTerm>& terms);

}  // namespace clipseek::catalog

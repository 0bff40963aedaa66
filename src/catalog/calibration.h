// Comparing scores with those of neutral queries (clipseek/strength.h).
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

// Neutral sentences and what they score. Any thread.
class Calibrator {
 public:
  // `encoder` must outlive it. It encodes the sentences when they are first needed and `cache` does not have them.
  explicit Calibrator(Encoder& encoder, NeutralCache cache = NeutralCache({}))
      : encoder_(encoder), cache_(std::move(cache)) {}

  // Makes sure of the embeddings of the English sentences now, so that the first calibration need not.
  void prepare() { sentences(false); }

  // For queries of the make of `terms`: the same weights, with neutral sentences for its words and pictures of the
  // sample for its pictures. Nothing where the library has too little to tell (a picture alone cannot be compared with
  // others). Deterministic.
  std::optional<Calibration> calibrate(const std::vector<QueryTerm>& terms, const LibrarySample& sample);

 private:
  const std::vector<Embedding>& sentences(bool chinese);

  Encoder& encoder_;
  NeutralCache cache_;
  std::mutex mutex_;
  std::vector<Embedding> english_;
  std::vector<Embedding> chinese_;
};

// Whether words are Chinese, as far as the choice of neutral sentences goes.
bool is_chinese(const std::vector<QueryTerm>& terms);

}  // namespace clipseek::catalog

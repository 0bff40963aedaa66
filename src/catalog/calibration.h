// What a score is worth. A cosine of 0.3 is much for one model and library and little for another; so scores are put
// against those that neutral queries get in the same library. docs/search-scores.md explains it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/library_sample.h"
#include "catalog/query.h"

namespace clipseek {

// The scores of neutral queries: their median, and 1.4826 times their median absolute deviation, which is the standard
// deviation where they are normally distributed and, unlike that, ignores the few pictures that do match.
struct Calibration {
  float center = 0;
  float spread = 0;
  float fair = 0;    // the lowest score that is a fair match: fewer than one picture of this library gets it by chance
  float strong = 0;  // fewer than a tenth of a picture does
};

enum class Strength { kWeak, kFair, kStrong };
std::string_view strength_name(Strength strength);
// kFair where nothing is known to compare with.
Strength strength_of(float score, const std::optional<Calibration>& calibration);

// Neutral sentences and what they score. Any thread.
class Calibrator {
 public:
  // `encoder` must outlive it and is asked for the sentences when they are first needed.
  explicit Calibrator(Encoder& encoder) : encoder_(encoder) {}

  // Encodes the sentences in English now, so that the first calibration need not.
  void prepare() { sentences(false); }

  // For queries of the make of `terms`: the same weights, with neutral sentences for its words and pictures of the
  // sample for its pictures. Nothing where the library has too little to tell (a picture alone cannot be compared with
  // others). Deterministic.
  std::optional<Calibration> calibrate(const std::vector<QueryTerm>& terms, const LibrarySample& sample);

 private:
  const std::vector<Embedding>& sentences(bool chinese);

  Encoder& encoder_;
  std::mutex mutex_;
  std::vector<Embedding> english_;
  std::vector<Embedding> chinese_;
};

// Whether words are Chinese, as far as the choice of neutral sentences goes.
bool is_chinese(const std::vector<QueryTerm>& terms);

}  // namespace clipseek

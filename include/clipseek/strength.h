// How strong a match is. A cosine of 0.3 is high for one model and library and low for another, so scores are compared
// with those that neutral queries get in the same library. docs/search-scores.md explains it.
#pragma once

#include <optional>
#include <string_view>

#include "clipseek/export.h"

namespace clipseek {

// The distribution of the scores (cosines) that neutral queries get in a library, and the limits that follow from it.
struct Calibration {
  float center = 0;  // their median
  // 1.4826 times their median absolute deviation: the standard deviation where the scores are normally distributed,
  // and little influenced by the few pictures that do match.
  float spread = 0;
  float fair = 0;    // the lowest score of a fair match, which fewer than one picture is expected to reach by chance
  float strong = 0;  // the lowest score of a strong match: fewer than 0.1 pictures are expected by chance
};

enum class Strength { kWeak, kFair, kStrong };
// "weak", "fair" or "strong": static texts. Any thread.
CLIPSEEK_API std::string_view strength_name(Strength strength);

// Returns the strength of a hit whose score is `score`; kFair without a calibration. Any thread.
CLIPSEEK_API Strength strength_of(float score, const std::optional<Calibration>& calibration);

}  // namespace clipseek

// How strong a match is. A cosine of 0.3 is high for one model and library and low for another; so scores are compared
// with those that neutral queries get in the same library. docs/search-scores.md explains it.
#pragma once

#include <optional>
#include <string_view>

#include "clipseek/export.h"

namespace clipseek {

// The scores of neutral queries: their median, and 1.4826 times their median absolute deviation, which is the standard
// deviation where they are normally distributed and, unlike that, ignores the few pictures that do match.
struct Calibration {
  float center = 0;
  float spread = 0;
  float fair = 0;    // the lowest score of a fair match: by chance fewer than one picture of this library reaches it
  float strong = 0;  // by chance fewer than a tenth of a picture reaches it
};

enum class Strength { kWeak, kFair, kStrong };
CLIPSEEK_API std::string_view strength_name(Strength strength);  // "weak", "fair", "strong"

// kFair where there is no calibration to compare with.
CLIPSEEK_API Strength strength_of(float score, const std::optional<Calibration>& calibration);

}  // namespace clipseek

#include "clipseek/strength.h"

namespace clipseek {

std::string_view strength_name(Strength strength) {
  switch (strength) {
    case Strength::kStrong:
      return "strong";
    case Strength::kFair:
      return "fair";
    case Strength::kWeak:
      break;
  }
  return "weak";
}

Strength strength_of(float score, const std::optional<Calibration>& calibration) {
  if (!calibration) return Strength::kFair;
  if (score >= calibration->strong) return Strength::kStrong;
  return score >= calibration->fair ? Strength::kFair : Strength::kWeak;
}

}  // namespace clipseek

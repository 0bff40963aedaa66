// The check of an embedding before it is stored or compared. Internal to catalog/.
#pragma once

#include <cmath>
#include <span>

#include "search/dot.h"

namespace clipseek::catalog {

// Returns whether `vector` has `dimension` numbers, all finite, and length 1 within one percent (rounding errors are
// far smaller).
inline bool is_unit_vector(std::span<const float> vector, int dimension) {
  if (dimension <= 0 || vector.size() != static_cast<std::size_t>(dimension)) return false;
  float square = 0;
  search::dot_rows(vector, std::as_bytes(vector).data(), {&square, 1});
  return std::abs(square - 1) < 0.02F;  // false for NaN
}

}  // namespace clipseek::catalog

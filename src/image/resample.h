// Computes a rectangle of Pillow's resize, for resize() and resize_and_crop().
#pragma once

#include <cstdint>

#include "image/preprocess.h"

namespace clipseek::image {

constexpr int kChannels = 3;  // red, green and blue

// One side of a resize: `in` pixels become `out`, of which only [first, first + count) are wanted.
struct ResampleSide {
  int in = 0;
  std::int64_t out = 0;
  std::int64_t first = 0;
  int count = 0;
};

// Returns the rectangle horizontal.count x vertical.count of the result of resize(), and computes only that.
// horizontal.in x vertical.in must be the picture's size, and the rectangle must lie within the result.
Picture resample(const Picture& picture, const ResampleSide& horizontal, const ResampleSide& vertical,
                 ResampleFilter filter);

}  // namespace clipseek::image

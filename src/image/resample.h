// A rectangle of Pillow's resize, for preprocess.cpp and resize().
#pragma once

#include <cstdint>

#include "image/preprocess.h"

namespace clipseek::image {

// One side of a resize: `in` pixels become `out`, of which only [first, first + count) are wanted.
struct ResampleSide {
  int in = 0;
  std::int64_t out = 0;
  std::int64_t first = 0;
  int count = 0;
};

// The pixels that resize() would give in the rectangle horizontal.count x vertical.count; only what they depend on is
// computed. horizontal.in x vertical.in is the picture's size, and every number is positive and in range.
Picture resample(const Picture& picture, const ResampleSide& horizontal, const ResampleSide& vertical,
                 ResampleFilter filter);

}  // namespace clipseek::image

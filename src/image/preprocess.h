// Converts a picture to the input of an image tower, as Pillow and the reference preprocessors compute it.
#pragma once

#include <array>
#include <span>

#include "clipseek/picture.h"

namespace clipseek::image {

enum class ResampleFilter { kBilinear, kBicubic };
enum class ResizeMode {
  kShortestEdge,  // shorter side to the target, then centre crop (CLIP)
  kSquash,        // both sides to the target, without keeping the aspect ratio (SigLIP)
};

// How half of an odd number of surplus pixels is rounded to find the first pixel of a centre crop.
enum class CropRounding {
  kTowardZero,  // transformers' image processors
  kHalfToEven,  // torchvision's CenterCrop, which openai/CLIP and open_clip use
};

struct PreprocessConfig {
  int resize = 224;  // target of the resize, pixels
  int crop = 224;    // side of the tower's square input, pixels
  ResizeMode mode = ResizeMode::kShortestEdge;
  CropRounding crop_rounding = CropRounding::kTowardZero;
  ResampleFilter filter = ResampleFilter::kBicubic;
  std::array<float, 3> mean{0.48145466F, 0.4578275F, 0.40821073F};
  std::array<float, 3> std{0.26862954F, 0.26130258F, 0.27577711F};
};

// Pillow's antialiased resize (Resample.c: separable, support scaled by the reduction, 8-bit coefficients with 22 - 8
// fractional bits): the same pixels as PIL.Image.resize. Throws kInvalidArgument for a target below 1.
Picture resize(const Picture& picture, int width, int height, ResampleFilter filter);

// Returns the picture after resize and centre crop, crop x crop. A picture smaller than the crop is padded with black;
// of an odd number of missing pixels the larger half comes after the picture, as in transformers and torchvision.
Picture resize_and_crop(const Picture& picture, const PreprocessConfig& config);

// Applies resize_and_crop and writes (value / 255 - mean) / std to `out`: [3, crop, crop], channel by channel, as R, G,
// B. `out` must have 3 * crop * crop numbers.
void preprocess(const Picture& picture, const PreprocessConfig& config, std::span<float> out);

}  // namespace clipseek::image

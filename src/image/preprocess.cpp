#include "image/preprocess.h"

#include <algorithm>
#include <string>

#include "clipseek/error.h"
#include "image/resample.h"

namespace clipseek::image {
namespace {

void require(bool condition, const std::string& message) {
  if (!condition) throw Error(ErrorCode::kInvalidArgument, message);
}

void require_pixels(const Picture& picture) {
  require(picture.width > 0 && picture.height > 0 &&
              picture.rgb.size() ==
                  static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * kChannels,
          "a picture of " + std::to_string(picture.width) + " x " + std::to_string(picture.height) + " pixels with " +
              std::to_string(picture.rgb.size()) + " bytes of them");
}

// The part of a side of the resized picture that is inside the crop.
struct CropSide {
  ResampleSide resample;
  int offset = 0;  // of the first resampled pixel in the crop; above 0 where the picture is smaller
};

// Returns the first pixel of the crop of a side of `side` pixels; below 0 where a short side is padded. transformers
// computes int((side - crop) / 2) (TorchvisionBackend.center_crop), torchvision int(round((side - crop) / 2.0)), which
// rounds halves to even numbers (functional.center_crop). Both put (crop - side) // 2 pixels of padding first.
std::int64_t crop_begin(std::int64_t side, int crop, CropRounding rounding) {
  const std::int64_t surplus = side - crop;
  const std::int64_t half = surplus / 2;
  const bool rounds_up = rounding == CropRounding::kHalfToEven && surplus > 0 && surplus % 2 == 1 && half % 2 == 1;
  return rounds_up ? half + 1 : half;
}

CropSide centre_crop(int in, std::int64_t out, const PreprocessConfig& config) {
  const int crop = config.crop;
  const std::int64_t begin = crop_begin(out, crop, config.crop_rounding);
  const std::int64_t first = std::max<std::int64_t>(begin, 0);
  const std::int64_t end = std::min(begin + crop, out);
  return {{in, out, first, static_cast<int>(end - first)}, static_cast<int>(first - begin)};
}

// The longer side is rounded down, as int(size * long / short) does in transformers and in torchvision.
std::int64_t resized_side(int side, int shorter, const PreprocessConfig& config) {
  if (config.mode == ResizeMode::kSquash) return config.resize;
  return static_cast<std::int64_t>(config.resize) * side / shorter;
}

}  // namespace

Picture resize(const Picture& picture, int width, int height, ResampleFilter filter) {
  require(width > 0 && height > 0,
          "cannot resize to " + std::to_string(width) + " x " + std::to_string(height) + " pixels");
  require_pixels(picture);
  return resample(picture, {picture.width, width, 0, width}, {picture.height, height, 0, height}, filter);
}

Picture resize_and_crop(const Picture& picture, const PreprocessConfig& config) {
  require(config.resize > 0 && config.crop > 0, "resize and crop must be at least 1");
  require_pixels(picture);
  const int shorter = std::min(picture.width, picture.height);
  const CropSide across = centre_crop(picture.width, resized_side(picture.width, shorter, config), config);
  const CropSide down = centre_crop(picture.height, resized_side(picture.height, shorter, config), config);
  Picture seen = resample(picture, across.resample, down.resample, config.filter);
  if (seen.width == config.crop && seen.height == config.crop) return seen;

  Picture padded{config.crop, config.crop, {}, seen.original_width, seen.original_height};
  const std::size_t stride = static_cast<std::size_t>(config.crop) * kChannels;
  padded.rgb.resize(stride * static_cast<std::size_t>(config.crop));
  const std::size_t seen_stride = static_cast<std::size_t>(seen.width) * kChannels;
  for (int y = 0; y < seen.height; ++y) {
    std::copy_n(seen.rgb.data() + static_cast<std::size_t>(y) * seen_stride, seen_stride,
                padded.rgb.data() + static_cast<std::size_t>(y + down.offset) * stride +
                    static_cast<std::size_t>(across.offset) * kChannels);
  }
  return padded;
}

void preprocess(const Picture& picture, const PreprocessConfig& config, std::span<float> out) {
  const Picture seen = resize_and_crop(picture, config);
  require(out.size() == seen.rgb.size(), "preprocess needs room for " + std::to_string(seen.rgb.size()) +
                                             " numbers, not " + std::to_string(out.size()));
  const std::size_t plane = out.size() / kChannels;
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    std::array<float, 256> normalised{};
    for (std::size_t value = 0; value < normalised.size(); ++value) {
      const auto scaled = static_cast<float>(static_cast<double>(value) * (1.0 / 255.0));
      normalised[value] = (scaled - config.mean[channel]) / config.std[channel];
    }
    for (std::size_t i = 0; i < plane; ++i) out[channel * plane + i] = normalised[seen.rgb[i * kChannels + channel]];
  }
}

}  // namespace clipseek::image

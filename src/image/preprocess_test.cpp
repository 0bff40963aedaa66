#include "image/preprocess.h"

#include <gtest/gtest.h>

#include "clipseek/error.h"
#include "image/testing/golden.h"

namespace clipseek::image {
namespace {

// Computes the same pixels as sample() in tools/picture_samples.py.
Picture sample(int width, int height) {
  Picture picture{width, height, {}, width, height};
  for (std::uint32_t y = 0; y < static_cast<std::uint32_t>(height); ++y)
    for (std::uint32_t x = 0; x < static_cast<std::uint32_t>(width); ++x)
      for (std::uint32_t c = 0; c < 3; ++c) {
        const std::uint32_t noise = (x * 1103515245U + y * 12345U + c * 2654435761U + x * y * 40503U) >> 26;
        picture.rgb.push_back(static_cast<std::uint8_t>(((x * (c + 2) + y * 3) >> 1) + noise));
      }
  return picture;
}

TEST(Resize, GivesThePixelsOfPillow) {
  for (const GoldenRow& row : golden_table("resize.txt")) {
    const Picture expected = golden_picture(row);
    const auto filter = row[2] == "bicubic" ? ResampleFilter::kBicubic : ResampleFilter::kBilinear;
    const Picture resized =
        resize(sample(std::stoi(row[0]), std::stoi(row[1])), expected.width, expected.height, filter);
    EXPECT_EQ(largest_difference(resized, expected), 0) << row[0] << " x " << row[1] << " " << row[2];
  }
}

TEST(Resize, ToTheSameSizeChangesNothing) {
  const Picture picture = sample(37, 21);
  EXPECT_EQ(resize(picture, 37, 21, ResampleFilter::kBicubic).rgb, picture.rgb);
}

TEST(Resize, RefusesSizesWithoutPixels) {
  EXPECT_THROW(resize(sample(4, 4), 0, 5, ResampleFilter::kBicubic), Error);
  EXPECT_THROW(resize(sample(4, 4), 5, -1, ResampleFilter::kBicubic), Error);
  EXPECT_THROW(resize({}, 5, 5, ResampleFilter::kBicubic), Error);
}

TEST(Preprocess, CropsAsTransformersAndTorchvisionDo) {
  for (const GoldenRow& row : golden_table("crop.txt")) {
    const Picture expected = golden_picture(row);
    PreprocessConfig config;
    config.mode = row[2] == "squash" ? ResizeMode::kSquash : ResizeMode::kShortestEdge;
    config.resize = std::stoi(row[3]);
    config.crop_rounding = row[4] == "torchvision" ? CropRounding::kHalfToEven : CropRounding::kTowardZero;
    config.crop = expected.width;
    const Picture cropped = resize_and_crop(sample(std::stoi(row[0]), std::stoi(row[1])), config);
    EXPECT_EQ(largest_difference(cropped, expected), 0)
        << row[0] << " x " << row[1] << " to " << row[3] << " " << row[4];
    EXPECT_EQ(cropped.original_width, std::stoi(row[0]));
  }
}

TEST(Preprocess, NormalisesChannelByChannel) {
  PreprocessConfig config;
  config.resize = config.crop = 6;
  std::vector<float> numbers(std::size_t{3} * 6 * 6);
  preprocess(sample(12, 9), config, numbers);
  const auto expected = golden_table("preprocess.txt");
  ASSERT_EQ(expected.size(), numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) EXPECT_FLOAT_EQ(numbers[i], std::stof(expected[i][0])) << i;
}

TEST(Preprocess, NeedsRoomForExactlyOneCrop) {
  std::vector<float> numbers(10);
  EXPECT_THROW(preprocess(sample(12, 9), {}, numbers), Error);
}

TEST(Preprocess, AcceptsTheLongestPictures) {
  PreprocessConfig config;
  config.resize = config.crop = 16;
  EXPECT_EQ(resize_and_crop(sample(1, 1'000'000), config).rgb.size(), 16U * 16 * 3);
  config.mode = ResizeMode::kSquash;
  EXPECT_EQ(resize_and_crop(sample(1'000'000, 1), config).rgb.size(), 16U * 16 * 3);
}

}  // namespace
}  // namespace clipseek::image

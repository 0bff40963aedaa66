#include "image/thumbnail.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "base/mapped_file.h"
#include "clipseek/error.h"

namespace clipseek::image {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

Picture colours(int width, int height) {
  Picture picture{width, height, {}, width, height};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      picture.rgb.push_back(static_cast<std::uint8_t>(255 * x / width));
      picture.rgb.push_back(static_cast<std::uint8_t>(255 * y / height));
      picture.rgb.push_back(100);
    }
  }
  return picture;
}

TEST(EncodeJpeg, DecodesToNearlyTheSamePixels) {
  Picture picture = colours(123, 57);
  Picture decoded = decode_picture(bytes_of(encode_jpeg(picture, 95)), "test");
  ASSERT_EQ(decoded.width, 123);
  ASSERT_EQ(decoded.height, 57);
  for (std::size_t i = 0; i < picture.rgb.size(); ++i) ASSERT_LT(std::abs(decoded.rgb[i] - picture.rgb[i]), 24) << i;
}

TEST(EncodeJpeg, RefusesEmptyAndTooLargePictures) {
  EXPECT_THROW(encode_jpeg(Picture{}, 90), Error);
  Picture wide{70'000, 1, std::vector<std::uint8_t>(210'000), 70'000, 1};
  EXPECT_THROW(encode_jpeg(wide, 90), Error);
}

TEST(MakeThumbnail, FitsTheLongerSideAndKeepsTheRatio) {
  std::string large = encode_jpeg(colours(1000, 400), 90);
  Picture thumbnail = decode_picture(bytes_of(make_thumbnail(bytes_of(large), "test", 256)), "test");
  EXPECT_EQ(thumbnail.width, 256);
  EXPECT_EQ(thumbnail.height, 102);
  Picture same = decode_picture(bytes_of(make_thumbnail(bytes_of(large), "test", 1600)), "test");
  EXPECT_EQ(same.width, 1000);
}

TEST(MakeThumbnail, KeepsAtLeastOnePixelOfTheShorterSide) {
  std::string line = encode_jpeg(colours(3000, 1), 90);
  Picture thumbnail = decode_picture(bytes_of(make_thumbnail(bytes_of(line), "test", 256)), "test");
  EXPECT_EQ(thumbnail.width, 256);
  EXPECT_EQ(thumbnail.height, 1);
}

TEST(MakeThumbnail, WorksForEveryFormat) {
  for (const char* name :
       {"rocket.jpg", "cat.png", "bus.webp", "banana.gif", "face.bmp", "fire.tiff", "camera.avif", "sunflower.heic"}) {
    auto file = base::read_file(std::string(CLIPSEEK_SOURCE_DIR) + "/samples/" + name, 1 << 24);
    Picture thumbnail = decode_picture(bytes_of(make_thumbnail(file, name, 64)), name);
    EXPECT_EQ(std::max(thumbnail.width, thumbnail.height), 64) << name;
  }
}

TEST(MakeThumbnail, NamesAFileThatIsNotAPicture) {
  try {
    make_thumbnail(bytes_of("no picture"), "some.jpg", 64);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_NE(std::string(error.what()).find("some.jpg"), std::string::npos);
  }
}

// Random pixels, which no JPEG of full size and best quality stores in 20 KB.
Picture noise(int width, int height) {
  Picture picture{width, height, {}, width, height};
  std::mt19937 generator(1);
  for (int i = 0; i < 3 * width * height; ++i) picture.rgb.push_back(static_cast<std::uint8_t>(generator()));
  return picture;
}

TEST(ShrinkJpeg, KeepsTheBytesOfASmallPicture) {
  std::string jpeg = encode_jpeg(colours(256, 100), 50);
  EXPECT_EQ(shrink_jpeg(jpeg, "test", 256), jpeg);
  EXPECT_EQ(shrink_jpeg(jpeg, "test", 1600), jpeg);
  EXPECT_EQ(decode_picture(bytes_of(shrink_jpeg(jpeg, "test", 128)), "test").width, 128);
  EXPECT_EQ(decode_picture(bytes_of(shrink_jpeg(encode_jpeg(colours(2048, 2048), 50), "test", 256)), "test").width, 256)
      << "the decoder reduces the picture to exactly the wanted side";
  EXPECT_THROW(shrink_jpeg("no picture", "test", 128), Error);
}

TEST(MakeSmallJpeg, LowersTheQualityUntilItFits) {
  Picture picture = noise(256, 144);
  ASSERT_GT(encode_jpeg(picture, 85).size(), 20'480U);
  std::optional<std::string> jpeg = make_small_jpeg(picture, 256, 20'480);
  ASSERT_TRUE(jpeg);
  EXPECT_LE(jpeg->size(), 20'480U);
  Picture decoded = decode_picture(bytes_of(*jpeg), "test");
  EXPECT_EQ(decoded.width, 256);
  EXPECT_EQ(decoded.height, 144);
}

TEST(MakeSmallJpeg, ShrinksThePictureIfNoQualityFits) {
  std::optional<std::string> jpeg = make_small_jpeg(noise(256, 256), 256, 2'000);
  ASSERT_TRUE(jpeg);
  EXPECT_LE(jpeg->size(), 2'000U);
  EXPECT_LT(decode_picture(bytes_of(*jpeg), "test").width, 256);
  EXPECT_FALSE(make_small_jpeg(noise(256, 256), 256, 100)) << "the tables of a JPEG alone are longer";
}

TEST(MakeSmallJpeg, DoesNotEnlarge) {
  std::optional<std::string> jpeg = make_small_jpeg(colours(100, 40), 256, 20'480);
  ASSERT_TRUE(jpeg);
  EXPECT_EQ(*jpeg, encode_jpeg(colours(100, 40), 85)) << "with the best quality, because that fits";
}

}  // namespace
}  // namespace clipseek::image

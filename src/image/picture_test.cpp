#include "clipseek/picture.h"

#include <gtest/gtest.h>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "clipseek/error.h"
#include "image/testing/golden.h"

namespace clipseek::image {
namespace {

class GoldenPicture : public testing::TestWithParam<const char*> {};

TEST_P(GoldenPicture, HasThePixelsOfPillow) {
  const auto rows = golden_rows("pictures.txt", GetParam());
  EXPECT_FALSE(rows.empty());
  for (const GoldenRow& row : rows) {
    const Picture picture = decode_picture(golden_file("pictures/" + row[0]), row[0]);
    EXPECT_LE(largest_difference(picture, golden_picture(row)), std::stoi(row[1])) << row[0];
    EXPECT_EQ(picture.original_width, picture.width) << row[0];
    EXPECT_EQ(picture.original_height, picture.height) << row[0];
  }
}

INSTANTIATE_TEST_SUITE_P(Format, GoldenPicture, testing::ValuesIn(kGoldenFormats),
                         [](const auto& test) { return std::string(test.param); });

TEST(Picture, AJpegIsDecodedAtTheSmallestScaleThatIsLargeEnough) {
  for (const GoldenRow& row : golden_table("scaled.txt")) {
    DecodeOptions options;
    options.min_short_side = std::stoi(row[1]);
    const Picture picture = decode_picture(golden_file("pictures/" + row[0]), row[0], options);
    EXPECT_EQ(largest_difference(picture, golden_picture(row)), 0) << row[1];
    EXPECT_EQ(picture.original_width, 50);
    EXPECT_EQ(picture.original_height, 66);
  }
}

TEST(Picture, FormatIsFoundByContent) {
  const std::array<std::string_view, 8> names{"JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF", "HEIC", "AVIF"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (const GoldenRow& row : golden_rows("pictures.txt", kGoldenFormats[i])) {
      const auto file = golden_file("pictures/" + row[0]);
      EXPECT_EQ(picture_format_name(picture_format(std::span(file).first(16))), names[i]) << row[0];
    }
  }
}

PictureFormat format_of(const std::string& head) {
  return picture_format(std::as_bytes(std::span(head)));
}

TEST(Picture, OtherBytesHaveNoFormat) {
  EXPECT_EQ(format_of(""), PictureFormat::kUnknown);
  EXPECT_EQ(format_of("\xFF"), PictureFormat::kUnknown);
  EXPECT_EQ(format_of("BMW and other cars, a list"), PictureFormat::kUnknown);
  EXPECT_EQ(format_of("RIFF....WAVEfmt "), PictureFormat::kUnknown);
  EXPECT_EQ(format_of(std::string("\0\0\0\x18"
                                  "ftypmp42\0\0\0\0mp42",
                                  20)),
            PictureFormat::kUnknown);
}

TEST(Picture, HeifWithoutACodecBrandIsFoundByItsCompatibleBrands) {
  const std::string open(
      "\0\0\0\x1C"
      "ftypmif1\0\0\0\0mif1",
      20);
  EXPECT_EQ(format_of(open + "miafavif"), PictureFormat::kAvif);
  EXPECT_EQ(format_of(open + "miafheic"), PictureFormat::kHeif);
  EXPECT_EQ(format_of(open), PictureFormat::kHeif);
}

ErrorCode code_of(const std::string& content, std::string& message) {
  try {
    decode_picture(std::as_bytes(std::span(content)), "a/b.jpg");
  } catch (const Error& error) {
    message = error.what();
    return error.code();
  }
  return ErrorCode::kInternal;
}

TEST(Picture, AFileThatIsNotAPictureIsNamed) {
  std::string message;
  EXPECT_EQ(code_of("some text that was called .jpg", message), ErrorCode::kUnsupported);
  EXPECT_EQ(message, "a/b.jpg: not a picture in a supported format (JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC, AVIF)");
  EXPECT_EQ(code_of("", message), ErrorCode::kCorrupt);
  EXPECT_EQ(message, "a/b.jpg: the file is empty");
  EXPECT_EQ(code_of("\xFF\xD8\xFF\xE0 and no more", message), ErrorCode::kCorrupt);
  EXPECT_EQ(message.find("a/b.jpg: damaged JPEG picture: "), 0U) << message;
}

TEST(Picture, TheCallerSetsThePixelLimit) {
  DecodeOptions options;
  for (const GoldenRow& row : golden_table("pictures.txt")) {
    const auto file = golden_file("pictures/" + row[0]);
    options.max_pixels = 1;
    if (row[0].find("one_pixel") != std::string::npos) continue;
    try {
      decode_picture(file, row[0], options);
      ADD_FAILURE() << row[0];
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kLimitExceeded) << error.what();
    }
  }
}

TEST(Picture, IsDecodedBySeveralThreadsAtOnce) {
  const auto table = golden_table("pictures.txt");
  const auto decode_all = [&table] {
    for (const GoldenRow& row : table) decode_picture(golden_file("pictures/" + row[0]), row[0]);
  };
  const std::array<std::jthread, 3> threads{std::jthread(decode_all), std::jthread(decode_all),
                                            std::jthread(decode_all)};
}

}  // namespace
}  // namespace clipseek::image

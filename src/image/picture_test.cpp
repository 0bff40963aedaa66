#include "image/picture.h"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <thread>

#include "base/error.h"
#include "image/golden.h"

namespace clipseek {
namespace {

class GoldenPicture : public testing::TestWithParam<GoldenRow> {};

TEST_P(GoldenPicture, HasThePixelsOfPillow) {
  const GoldenRow& row = GetParam();
  const Picture picture = decode_picture(golden_file("pictures/" + row[0]), row[0]);
  EXPECT_LE(largest_difference(picture, golden_picture(row)), std::stoi(row[1]));
  EXPECT_EQ(picture.original_width, picture.width);
  EXPECT_EQ(picture.original_height, picture.height);
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenPicture, testing::ValuesIn(golden_table("pictures.txt")),
                         [](const auto& test) { return test_name(test.param[0]); });

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

TEST(Picture, FormatIsToldByContent) {
  const std::vector<std::pair<std::string_view, std::string_view>> formats{
      {"jpeg", "JPEG"}, {"png", "PNG"},   {"webp", "WebP"}, {"gif", "GIF"},
      {"bmp", "BMP"},   {"tiff", "TIFF"}, {"heic", "HEIC"}, {"avif", "AVIF"}};
  for (const GoldenRow& row : golden_table("pictures.txt")) {
    const std::string kind = row[0].substr(0, row[0].find('_'));
    const auto head = golden_file("pictures/" + row[0]);
    const auto format = picture_format(std::span(head).first(16));
    const auto expected = std::ranges::find(formats, kind, &std::pair<std::string_view, std::string_view>::first);
    ASSERT_NE(expected, formats.end()) << kind;
    EXPECT_EQ(picture_format_name(format), expected->second) << row[0];
  }
}

PictureFormat format_of(const std::string& head) {
  return picture_format(std::as_bytes(std::span(head)));
}

TEST(Picture, OtherBytesHaveNoFormat) {
  EXPECT_EQ(format_of(""), PictureFormat::kUnknown);
  EXPECT_EQ(format_of("\xFF"), PictureFormat::kUnknown);
  EXPECT_EQ(format_of("BMW and other cars, a list"), PictureFormat::kUnknown);
  EXPECT_EQ(format_of("RIFF\x10\0\0\0WAVEfmt "), PictureFormat::kUnknown);
  EXPECT_EQ(format_of(std::string("\0\0\0\x18"
                                  "ftypmp42\0\0\0\0mp42",
                                  20)),
            PictureFormat::kUnknown);
}

TEST(Picture, OpenHeifIsToldByItsCompatibleBrands) {
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

TEST(Picture, WhatIsNoPictureIsNamed) {
  std::string message;
  EXPECT_EQ(code_of("some text that was called .jpg", message), ErrorCode::kUnsupported);
  EXPECT_EQ(message, "a/b.jpg: no picture in a known format (JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC, AVIF)");
  EXPECT_EQ(code_of("", message), ErrorCode::kCorrupt);
  EXPECT_EQ(message, "a/b.jpg: the file is empty");
  EXPECT_EQ(code_of("\xFF\xD8\xFF\xE0 and no more", message), ErrorCode::kCorrupt);
  EXPECT_EQ(message.find("a/b.jpg: damaged JPEG picture: "), 0U) << message;
}

TEST(Picture, ThePixelLimitIsTheCallers) {
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

TEST(Picture, IsDecodedByAnyThread) {
  const auto table = golden_table("pictures.txt");
  const auto decode_all = [&table] {
    for (const GoldenRow& row : table) decode_picture(golden_file("pictures/" + row[0]), row[0]);
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back(decode_all);
}

}  // namespace
}  // namespace clipseek

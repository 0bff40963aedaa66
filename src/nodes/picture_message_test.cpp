// Pictures of topics: every encoding, and messages that lie about their size.
#include "nodes/picture_message.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"

namespace clipseek::nodes {
namespace {

using Bytes = std::vector<std::uint8_t>;

ErrorCode error_of(const RawPicture& raw) {
  try {
    to_picture(raw, 0);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return ErrorCode::kInternal;
}

TEST(PictureMessage, PackedEncodings) {
  auto pixels = [](std::string_view encoding, const Bytes& data, bool big_endian = false) {
    return to_picture({2, 1, 0, encoding, big_endian, data}, 0).rgb;
  };
  const Bytes kRgb{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(pixels("rgb8", {1, 2, 3, 4, 5, 6}), kRgb);
  EXPECT_EQ(pixels("bgr8", {3, 2, 1, 6, 5, 4}), kRgb);
  EXPECT_EQ(pixels("rgba8", {1, 2, 3, 9, 4, 5, 6, 9}), kRgb);
  EXPECT_EQ(pixels("BGRA8", {3, 2, 1, 9, 6, 5, 4, 9}), kRgb);
  EXPECT_EQ(pixels("mono8", {7, 8}), (Bytes{7, 7, 7, 8, 8, 8}));
  EXPECT_EQ(pixels("mono16", {0, 7, 255, 8}), (Bytes{7, 7, 7, 8, 8, 8}));
  EXPECT_EQ(pixels("mono16", {7, 0, 8, 255}, true), (Bytes{7, 7, 7, 8, 8, 8}));
}

TEST(PictureMessage, RowsMayBePadded) {
  Bytes data{1, 2, 3, 99, 99, 4, 5, 6};  // the last row without its padding
  Picture picture = to_picture({1, 2, 5, "rgb8", false, data}, 0);
  EXPECT_EQ(picture.width, 1);
  EXPECT_EQ(picture.height, 2);
  EXPECT_EQ(picture.rgb, (Bytes{1, 2, 3, 4, 5, 6}));
}

// Colours from the definition of BT.601 with video range, in doubles.
Bytes yuv_of(double r, double g, double b) {
  auto byte = [](double value) { return static_cast<std::uint8_t>(std::lround(value)); };
  return {byte(16 + 65.481 * r + 128.553 * g + 24.966 * b), byte(128 - 37.797 * r - 74.203 * g + 112 * b),
          byte(128 + 112 * r - 93.786 * g - 18.214 * b)};
}

TEST(PictureMessage, YuvEncodings) {
  for (const auto& colour :
       std::vector<std::vector<double>>{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 1}, {0.2, 0.5, 0.7}}) {
    Bytes yuv = yuv_of(colour[0], colour[1], colour[2]);
    std::uint8_t y = yuv[0];
    std::uint8_t u = yuv[1];
    std::uint8_t v = yuv[2];
    std::vector<std::pair<std::string, Bytes>> cases{{"nv12", {y, y, y, y, u, v}},
                                                     {"nv21", {y, y, y, y, v, u}},
                                                     {"yuv422", {u, y, v, y, u, y, v, y}},
                                                     {"uyvy", {u, y, v, y, u, y, v, y}},
                                                     {"yuv422_yuy2", {y, u, y, v, y, u, y, v}},
                                                     {"yuyv", {y, u, y, v, y, u, y, v}}};
    for (const auto& [encoding, data] : cases) {
      Picture picture = to_picture({2, 2, 0, encoding, false, data}, 0);
      ASSERT_EQ(picture.rgb.size(), 12U) << encoding;
      for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
        EXPECT_NEAR(picture.rgb[i], 255 * colour[i % 3], 2) << encoding << " " << i;
      }
    }
  }
}

TEST(PictureMessage, Nv12ComesBack) {
  Picture picture{4, 2, {}, 4, 2};
  for (int i = 0; i < 8; ++i) picture.rgb.insert(picture.rgb.end(), {200, 100, 50});
  Bytes nv12(12);
  to_nv12(picture, nv12);
  Picture back = to_picture({4, 2, 0, "nv12", false, nv12}, 0);
  for (std::size_t i = 0; i < back.rgb.size(); ++i) EXPECT_NEAR(back.rgb[i], picture.rgb[i], 3);
}

TEST(PictureMessage, FilesAreDecoded) {
  std::ifstream file(std::string(CLIPSEEK_SOURCE_DIR) + "/samples/banana-beside-red-apple.jpg", std::ios::binary);
  Bytes bytes{std::istreambuf_iterator<char>(file), {}};
  for (const char* encoding : {"jpeg", "jpg", "mjpeg", "png"}) {  // what is in the bytes counts
    RawPicture raw{0, 0, 0, encoding, false, bytes};
    EXPECT_TRUE(is_file(raw));
    EXPECT_GT(to_picture(raw, 0).width, 100);
  }
  bytes.resize(bytes.size() / 2);
  EXPECT_EQ(error_of({0, 0, 0, "jpeg", false, bytes}), ErrorCode::kCorrupt);
}

TEST(PictureMessage, SizesAreNotBelieved) {
  Bytes data(100);
  EXPECT_EQ(error_of({100, 100, 0, "rgb8", false, data}), ErrorCode::kCorrupt);
  EXPECT_EQ(error_of({10, 3, 20, "rgb8", false, data}), ErrorCode::kCorrupt);  // a step below the row's length
  EXPECT_EQ(error_of({0, 10, 0, "rgb8", false, data}), ErrorCode::kCorrupt);
  EXPECT_EQ(error_of({10, 10, 0, "nv12", false, data}), ErrorCode::kCorrupt);  // 150 bytes are needed
  EXPECT_EQ(error_of({1, 2, 0xffffffff, "mono8", false, data}), ErrorCode::kCorrupt);
  EXPECT_EQ(error_of({0xffffffff, 0xffffffff, 0, "mono16", false, data}), ErrorCode::kLimitExceeded);
  EXPECT_EQ(error_of({1, 1, 0, "bayer_rggb8", false, data}), ErrorCode::kUnsupported);
  EXPECT_EQ(error_of({1, 1, 0, "", false, data}), ErrorCode::kUnsupported);
}

TEST(PictureMessage, HbmMessagesEndWhereTheySay) {
  auto message = std::make_unique<ros2::HbmMsg480P>();
  message->width = 2;
  message->height = 1;
  message->data_size = 6;
  std::string_view("bgr8").copy(reinterpret_cast<char*>(message->encoding.data()), 4);
  RawPicture raw = raw_picture(*message);
  EXPECT_EQ(raw.encoding, "bgr8");
  EXPECT_EQ(raw.data.size(), 6U);
  message->encoding.fill('x');  // not ended by a NUL
  EXPECT_EQ(raw_picture(*message).encoding.size(), 12U);
  message->data_size = ros2::HbmMsg480P::kMaxBytes + 1;
  EXPECT_THROW(raw_picture(*message), Error);
}

}  // namespace
}  // namespace clipseek::nodes

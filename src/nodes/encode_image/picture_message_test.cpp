// Pictures of topics: every encoding, and messages with false sizes.
#include "nodes/encode_image/picture_message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <memory>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "clipseek/error.h"
#include "clipseek/model.h"

namespace clipseek::nodes {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes read_sample(const std::string& name) {
  std::ifstream file(std::string(CLIPSEEK_SOURCE_DIR) + "/samples/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

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
    return to_picture({2, 1, 0, std::string(encoding), big_endian, data}, 0).rgb;
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

// RGB to YUV by the definition of BT.601 with limited range, in double precision.
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

// A picture of random 2 x 2 tiles, each of one colour, so that the mean over a block of 4 x 4 pixels is the mean of
// four tiles.
struct Tiles {
  static constexpr int kSide = 16;
  std::vector<Bytes> yuv;  // the colour of each tile, row by row
  Tiles() {
    std::mt19937 random(7);
    for (int i = 0; i < kSide * kSide / 4; ++i) {
      Bytes tile;
      for (int channel = 0; channel < 3; ++channel) tile.push_back(static_cast<std::uint8_t>(60 + random() % 130));
      yuv.push_back(tile);
    }
  }
  std::uint8_t at(int x, int y, std::size_t channel) const {
    return yuv[static_cast<std::size_t>(y / 2 * kSide / 2 + x / 2)][channel];
  }
  // The mean over a block, converted to RGB by the definition of BT.601 with limited range, in double precision.
  std::vector<double> rgb_of_block(int block_x, int block_y) const {
    double mean[3] = {0, 0, 0};
    for (int i = 0; i < 16; ++i) {
      for (std::size_t channel = 0; channel < 3; ++channel) {
        mean[channel] += at(4 * block_x + i % 4, 4 * block_y + i / 4, channel) / 16.0;
      }
    }
    double grey = 255.0 / 219.0 * (mean[0] - 16);
    double u = 255.0 / 224.0 * (mean[1] - 128);
    double v = 255.0 / 224.0 * (mean[2] - 128);
    return {grey + 1.402 * v, grey - 0.344136 * u - 0.714136 * v, grey + 1.772 * u};
  }
  // The picture in an encoding that cameras use, with 8 bytes of padding per row.
  Bytes encoded_as(const std::string& encoding) const {
    Bytes data;
    auto end_row = [&] { data.insert(data.end(), 8, 0); };
    bool planes = encoding == "nv12" || encoding == "nv21";
    for (int y = 0; y < kSide; ++y, end_row()) {
      for (int x = 0; x < kSide; ++x) {
        Bytes chroma{at(x, y, x % 2 == 0 ? 1U : 2U)};
        if (!planes && encoding == "uyvy") data.push_back(chroma[0]);
        data.push_back(at(x, y, 0));
        if (!planes && encoding == "yuyv") data.push_back(chroma[0]);
      }
    }
    for (int y = 0; planes && y < kSide; y += 2, end_row()) {
      for (int x = 0; x < kSide; ++x) data.push_back(at(x, y, (x % 2 == 0) == (encoding == "nv12") ? 1U : 2U));
    }
    return data;
  }
};

TEST(PictureMessage, LargePicturesAreReducedToBlockMeans) {
  Tiles tiles;
  for (const char* encoding : {"nv12", "nv21", "uyvy", "yuyv"}) {
    Bytes data = tiles.encoded_as(encoding);
    std::uint32_t step = Tiles::kSide * (std::string(encoding).starts_with("nv") ? 1 : 2) + 8;
    Picture picture = to_picture({Tiles::kSide, Tiles::kSide, step, encoding, false, data}, 3);
    ASSERT_EQ(picture.width, 4) << encoding;  // 16 / 4: a shorter side of 2 would be below min_short_side
    ASSERT_EQ(picture.height, 4);
    EXPECT_EQ(picture.original_width, 16);
    for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
      auto block = static_cast<int>(i / 3);
      double expected = std::clamp(tiles.rgb_of_block(block % 4, block / 4)[i % 3], 0.0, 255.0);
      EXPECT_NEAR(picture.rgb[i], expected, 2) << encoding << " " << i;
    }
  }
}

TEST(PictureMessage, BlockMeansDropIncompleteBlocks) {
  // In 5 x 3 pixels, the last column and the last row do not fill a block of 2 x 2.
  Bytes rgb;
  for (int i = 0; i < 15; ++i) rgb.insert(rgb.end(), {static_cast<std::uint8_t>(10 * i), 7, 200});
  Picture picture = to_picture({5, 3, 0, "rgb8", false, rgb}, 1);
  EXPECT_EQ(picture.rgb, (Bytes{30, 7, 200, 50, 7, 200}));  // (0 + 10 + 50 + 60) / 4, (20 + 30 + 70 + 80) / 4
  Bytes grey{0, 10, 2, 20, 4, 30, 6, 40};                   // little-endian; only the high byte is used
  EXPECT_EQ(to_picture({2, 2, 0, "mono16", false, grey}, 1).rgb, (Bytes{25, 25, 25}));
  EXPECT_EQ(to_picture({2, 2, 0, "mono16", false, grey}, 2).width,
            2);  // not reduced, because the shorter side is already 2
}

TEST(PictureMessage, Nv12RoundTrip) {
  Picture picture{4, 2, {}, 4, 2};
  for (int i = 0; i < 8; ++i) picture.rgb.insert(picture.rgb.end(), {200, 100, 50});
  Bytes nv12(12);
  to_nv12(picture, nv12);
  Picture back = to_picture({4, 2, 0, "nv12", false, nv12}, 0);
  for (std::size_t i = 0; i < back.rgb.size(); ++i) EXPECT_NEAR(back.rgb[i], picture.rgb[i], 3);
}

// A picture of 1920 x 1080 with samples side by side at their original size, which is sharper than a camera's picture.
Picture wall_of_samples(const std::vector<std::string>& names) {
  Picture wall{1920, 1080, Bytes(std::size_t{3} * 1920 * 1080, 90), 1920, 1080};
  int left = 0;
  for (const std::string& name : names) {
    Bytes bytes = read_sample(name);
    Picture sample = decode_picture(std::as_bytes(std::span(bytes)), name);
    int columns = std::min(sample.width, wall.width - left);
    for (int y = 0; y < wall.height; ++y) {
      const std::uint8_t* row = sample.rgb.data() + std::size_t{3} * static_cast<std::size_t>(y % sample.height) *
                                                        static_cast<std::size_t>(sample.width);
      std::uint8_t* out = wall.rgb.data() + 3 * (static_cast<std::size_t>(y) * 1920 + static_cast<std::size_t>(left));
      std::copy_n(row, 3 * columns, out);
    }
    left += columns;
  }
  return wall;
}

TEST(PictureMessage, ReductionKeepsTheFeature) {
  auto model = Model::open(std::string(CLIPSEEK_SOURCE_DIR) + "/models/tiny");
  int short_side = model->details().min_short_side;
  for (const auto& names : std::vector<std::vector<std::string>>{
           {"banana-beside-red-apple.jpg", "rocket.jpg", "flag-japan.jpg"},
           {"dog-face.jpg", "two-red-hearts-on-white.jpg", "banana-beside-red-apple.jpg", "rocket.jpg"}}) {
    Picture wall = wall_of_samples(names);
    Bytes nv12(std::size_t{1920} * 1080 * 3 / 2);
    to_nv12(wall, nv12);
    RawPicture raw{1920, 1080, 0, "nv12", false, nv12};
    std::vector<std::vector<float>> features;
    for (int side : {0, short_side}) {
      features.push_back(
          model->encode_image({.path = "wall", .bytes = {}, .picture = to_picture(raw, side)}).embedding);
    }
    double cosine = std::inner_product(features[0].begin(), features[0].end(), features[1].begin(), 0.0);
    EXPECT_GT(cosine, 0.9998);
  }
}

TEST(PictureMessage, FilesAreDecoded) {
  Bytes bytes = read_sample("banana-beside-red-apple.jpg");
  for (const char* encoding : {"jpeg", "jpg", "mjpeg", "png"}) {  // the bytes determine the format
    RawPicture raw{0, 0, 0, encoding, false, bytes};
    EXPECT_TRUE(is_file(raw));
    EXPECT_GT(to_picture(raw, 0).width, 100);
  }
  bytes.resize(bytes.size() / 2);
  EXPECT_EQ(error_of({0, 0, 0, "jpeg", false, bytes}), ErrorCode::kCorrupt);
}

TEST(PictureMessage, FalseSizesAreRejected) {
  Bytes data(100);
  EXPECT_EQ(error_of({100, 100, 0, "rgb8", false, data}), ErrorCode::kCorrupt);
  EXPECT_EQ(error_of({10, 3, 20, "rgb8", false, data}), ErrorCode::kCorrupt);  // the step is shorter than a row
  EXPECT_EQ(error_of({0, 10, 0, "rgb8", false, data}), ErrorCode::kCorrupt);
  EXPECT_EQ(error_of({10, 10, 0, "nv12", false, data}), ErrorCode::kCorrupt);  // 150 bytes are needed
  EXPECT_EQ(error_of({1, 2, 0xffffffff, "mono8", false, data}), ErrorCode::kCorrupt);
  EXPECT_EQ(error_of({0xffffffff, 0xffffffff, 0, "mono16", false, data}), ErrorCode::kLimitExceeded);
  EXPECT_EQ(error_of({1, 1, 0, "bayer_rggb8", false, data}), ErrorCode::kUnsupported);
  EXPECT_EQ(error_of({1, 1, 0, "", false, data}), ErrorCode::kUnsupported);
}

TEST(PictureMessage, HbmMessagesUseOnlyDataSizeBytes) {
  auto message = std::make_unique<ros2::HbmMsg480P>();
  message->width = 2;
  message->height = 1;
  message->data_size = 6;
  std::string_view("bgr8").copy(reinterpret_cast<char*>(message->encoding.data()), 4);
  RawPicture raw = raw_picture(*message);
  EXPECT_EQ(raw.encoding, "bgr8");
  EXPECT_EQ(raw.data.size(), 6U);
  message->encoding.fill('x');  // not terminated by a NUL
  EXPECT_EQ(raw_picture(*message).encoding.size(), 12U);
  message->data_size = ros2::HbmMsg480P::kMaxBytes + 1;
  EXPECT_THROW(raw_picture(*message), Error);
}

}  // namespace
}  // namespace clipseek::nodes

#include "image/hevc_sps.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace clipseek::image {
namespace {

std::string golomb(unsigned value) {
  std::string code;
  for (unsigned left = value + 1; left > 0; left /= 2) code.insert(code.begin(), left % 2 == 1 ? '1' : '0');
  return std::string(code.size() - 1, '0') + code;
}

// Returns a sequence parameter set with these bits and with emulation prevention bytes, as in a stream.
std::vector<std::uint8_t> unit(std::string bits) {
  bits.append((8 - bits.size() % 8) % 8, '0');
  std::vector<std::uint8_t> bytes{33 << 1, 1};
  int zeros = 0;
  for (std::size_t i = 0; i < bits.size(); i += 8) {
    const auto byte = static_cast<std::uint8_t>(std::stoi(bits.substr(i, 8), nullptr, 2));
    if (zeros >= 2 && byte <= 3) {
      bytes.push_back(3);
      zeros = 0;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    bytes.push_back(byte);
  }
  return bytes;
}

std::string size_bits(unsigned width, unsigned height) {
  return golomb(0) + golomb(1) + golomb(width) + golomb(height) + "1";
}

TEST(HevcSps, StatesTheSize) {
  const auto size =
      hevc_sps_size(unit("0000"
                         "000"
                         "1" +
                         std::string(96, '0') + size_bits(4096, 2304)));
  ASSERT_TRUE(size);
  EXPECT_EQ(size->width, 4096U);
  EXPECT_EQ(size->height, 2304U);
}

TEST(HevcSps, SubLayersAreSkipped) {
  // Two sub-layers: one with a profile and a level, one with a level only.
  const std::string flags =
      "11"
      "01"
      "000000000000";
  const auto size =
      hevc_sps_size(unit("0000"
                         "010"
                         "1" +
                         std::string(96, '1') + flags + std::string(88 + 8 + 8, '1') + size_bits(640, 480)));
  ASSERT_TRUE(size);
  EXPECT_EQ(size->width, 640U);
  EXPECT_EQ(size->height, 480U);
}

TEST(HevcSps, ADamagedOneHasNoSize) {
  auto bytes = unit(
      "0000"
      "000"
      "1" +
      std::string(96, '0') + size_bits(4096, 2304));
  bytes.resize(bytes.size() - 3);
  ASSERT_TRUE(hevc_sps_size(bytes));
  EXPECT_EQ(hevc_sps_size(bytes)->width, 0U);
  EXPECT_EQ(hevc_sps_size(unit(std::string(2000, '0')))->width, 0U);
}

TEST(HevcSps, OtherUnitsHaveNoSize) {
  EXPECT_FALSE(hevc_sps_size(std::vector<std::uint8_t>{32 << 1, 1, 5, 6}));
  EXPECT_FALSE(hevc_sps_size({}));
}

}  // namespace
}  // namespace clipseek::image

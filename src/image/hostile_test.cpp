// Files that are wrong on purpose: always an Error or a picture, never much memory.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <random>
#include <string_view>

#include "base/error.h"
#include "image/golden.h"
#include "image/picture.h"

namespace clipseek {
namespace {

// The most memory that this process has had in use, in MiB.
long peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

class HostilePicture : public testing::TestWithParam<GoldenRow> {};

TEST_P(HostilePicture, IsRefusedWithoutMuchMemory) {
  const std::string& name = GetParam()[0];
  const auto bytes = golden_file("hostile/" + name);
  const long before = peak_memory();
  try {
    decode_picture(bytes, name);
    FAIL() << "decoded";
  } catch (const Error& error) {
    EXPECT_EQ(error_info(error.code()).name, GetParam()[1]) << error.what();
    EXPECT_TRUE(std::string_view(error.what()).starts_with(name + ": ")) << error.what();
  }
  EXPECT_LT(peak_memory() - before, 64);
}

INSTANTIATE_TEST_SUITE_P(Files, HostilePicture, testing::ValuesIn(golden_table("hostile.txt")),
                         [](const auto& test) { return test_name(test.param[0]); });

TEST(HostilePicture, AProgressiveJpegMayNotHaveThousandsOfScans) {
  auto bytes = golden_file("pictures/jpeg_progressive.jpg");
  const std::array marker{std::byte{0xFF}, std::byte{0xDA}};
  const auto last = std::find_end(bytes.begin(), bytes.end(), marker.begin(), marker.end());
  const std::vector<std::byte> scan(last, bytes.end() - 2);
  for (int i = 0; i < 1000; ++i) bytes.insert(bytes.end() - 2, scan.begin(), scan.end());
  EXPECT_THROW(decode_picture(bytes, "x"), Error);
}

// Anything but an Error goes on to fail the test.
void decode_or_refuse(const std::vector<std::byte>& bytes) {
  DecodeOptions options;
  options.max_pixels = 1 << 20;
  try {
    const Picture picture = decode_picture(bytes, "x", options);
    EXPECT_EQ(picture.rgb.size(), 3U * static_cast<unsigned>(picture.width) * static_cast<unsigned>(picture.height));
  } catch (const Error& error) {
    EXPECT_TRUE(std::string_view(error.what()).starts_with("x: ")) << error.what();
  }
}

class DamagedPicture : public testing::TestWithParam<GoldenRow> {};

TEST_P(DamagedPicture, CutAnywhereIsAnErrorOrAPicture) {
  auto bytes = golden_file("pictures/" + GetParam()[0]);
  const long before = peak_memory();
  const std::size_t step = std::max<std::size_t>(bytes.size() / 200, 1);
  for (std::size_t size = bytes.size() - 1; size > 0 && size < bytes.size(); size -= std::min(size, step)) {
    bytes.resize(size);
    decode_or_refuse(bytes);
  }
  EXPECT_LT(peak_memory() - before, 64);
}

TEST_P(DamagedPicture, WithWrongBytesIsAnErrorOrAPicture) {
  const auto whole = golden_file("pictures/" + GetParam()[0]);
  const long before = peak_memory();
  std::mt19937 random(1);
  const auto below = [&random](std::size_t end) { return random() % end; };
  for (int round = 0; round < 150; ++round) {
    auto bytes = whole;
    // The header is where the traps are.
    const std::size_t end = round % 2 == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 200);
    for (std::size_t changes = 1 + below(6); changes > 0; --changes)
      bytes[below(end)] = static_cast<std::byte>(round % 3 == 0 ? 0xFF : below(256));
    decode_or_refuse(bytes);
  }
  EXPECT_LT(peak_memory() - before, 256);
}

INSTANTIATE_TEST_SUITE_P(Files, DamagedPicture, testing::ValuesIn(golden_table("pictures.txt")),
                         [](const auto& test) { return test_name(test.param[0]); });

}  // namespace
}  // namespace clipseek

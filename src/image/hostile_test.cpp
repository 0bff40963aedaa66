// Hostile files: decoding must end with an Error or a picture, and must not use much memory.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <random>
#include <string_view>

#include "clipseek/error.h"
#include "clipseek/picture.h"
#include "image/testing/golden.h"

namespace clipseek::image {
namespace {

// Returns the peak memory use of this process in MiB.
long peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

// Far below what the files claim: the smallest claim within the limits is 430 MB.
#ifdef __SANITIZE_ADDRESS__
constexpr long kFewMegabytes = 400;  // the sanitizer keeps up to 256 MB of freed memory
#else
constexpr long kFewMegabytes = 64;
#endif

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
  EXPECT_LT(peak_memory() - before, kFewMegabytes);
}

INSTANTIATE_TEST_SUITE_P(Files, HostilePicture, testing::ValuesIn(golden_table("hostile.txt")), [](const auto& test) {
  std::string name = test.param[0];
  std::ranges::replace(name, '.', '_');
  return name;
});

TEST(HostilePicture, AProgressiveJpegMayNotHaveThousandsOfScans) {
  auto bytes = golden_file("pictures/jpeg_progressive.jpg");
  const std::array marker{std::byte{0xFF}, std::byte{0xDA}};
  const auto last = std::find_end(bytes.begin(), bytes.end(), marker.begin(), marker.end());
  const std::vector<std::byte> scan(last, bytes.end() - 2);
  for (int i = 0; i < 1000; ++i) bytes.insert(bytes.end() - 2, scan.begin(), scan.end());
  try {
    decode_picture(bytes, "x");
    FAIL() << "decoded";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "x: damaged JPEG picture: it has too many scans");
  }
}

// An exception of another type than Error fails the test.
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

class DamagedPicture : public testing::TestWithParam<const char*> {};

TEST_P(DamagedPicture, CutAnywhereIsAnErrorOrAPicture) {
  const long before = peak_memory();
  for (const GoldenRow& row : golden_rows("pictures.txt", GetParam())) {
    auto bytes = golden_file("pictures/" + row[0]);
    const std::size_t step = std::max<std::size_t>(bytes.size() / 200, 1);
    while (bytes.size() > step) {
      bytes.resize(bytes.size() - step);
      decode_or_refuse(bytes);
    }
  }
  EXPECT_LT(peak_memory() - before, kFewMegabytes);
}

TEST_P(DamagedPicture, WithWrongBytesIsAnErrorOrAPicture) {
  std::mt19937 random(1);
  const auto below = [&random](std::size_t end) { return random() % end; };
  const long before = peak_memory();
  for (const GoldenRow& row : golden_rows("pictures.txt", GetParam())) {
    const auto whole = golden_file("pictures/" + row[0]);
    for (int round = 0; round < 150; ++round) {
      auto bytes = whole;
      // Half of the rounds damage the header, where most checks are needed.
      const std::size_t end = round % 2 == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 200);
      for (std::size_t changes = 1 + below(6); changes > 0; --changes)
        bytes[below(end)] = static_cast<std::byte>(round % 3 == 0 ? 0xFF : below(256));
      decode_or_refuse(bytes);
    }
  }
  EXPECT_LT(peak_memory() - before, kFewMegabytes);
}

INSTANTIATE_TEST_SUITE_P(Format, DamagedPicture, testing::ValuesIn(kGoldenFormats),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace clipseek::image

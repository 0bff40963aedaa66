// Data URLs, texts in log lines, feature files, the fair mutex and the frame meter.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "clipseek/error.h"
#include "nodes/encode_image/frame_meter.h"
#include "nodes/shared/data_url.h"
#include "nodes/shared/dump_feature.h"
#include "nodes/shared/feature_server.h"
#include "nodes/shared/log_text.h"

namespace clipseek::nodes {
namespace {

std::string decoded(std::string_view url) {
  std::string text;
  for (std::byte byte : decode_data_url(url)) text += static_cast<char>(byte);
  return text;
}

TEST(DataUrl, DecodesBase64AndRejectsOtherText) {
  EXPECT_EQ(decoded("data:text/plain;base64,Zm9vYmFy"), "foobar");  // examples of RFC 4648
  EXPECT_EQ(decoded("data:;base64,Zm9vYg=="), "foob");
  EXPECT_EQ(decoded("data:image/png;base64,Zm9vYg"), "foob");
  EXPECT_EQ(decoded("data:;base64,+/+/"), "\xfb\xff\xbf");
  EXPECT_FALSE(is_data_url("/data:/a.jpg"));
  for (const char* bad : {"data:text/plain,foo", "data:;base64", "data:;base64,", "data:;base64,A", "data:;base64,Z m9",
                          "data:;base64,Zm=9", "Zm9v"}) {
    EXPECT_THROW(decode_data_url(bad), Error) << bad;
  }
}

TEST(DataUrl, EncodesTheExamplesOfRfc4648) {
  auto encoded = [](std::string_view text) { return encode_data_url("text/plain", std::as_bytes(std::span(text))); };
  EXPECT_EQ(encoded(""), "data:text/plain;base64,");
  EXPECT_EQ(encoded("f"), "data:text/plain;base64,Zg==");
  EXPECT_EQ(encoded("fo"), "data:text/plain;base64,Zm8=");
  EXPECT_EQ(encoded("foobar"), "data:text/plain;base64,Zm9vYmFy");
  EXPECT_EQ(encoded("\xfb\xff\xbf"), "data:text/plain;base64,+/+/");
}

TEST(FairMutex, IsAcquiredInTheOrderOfLockCalls) {
  FairMutex mutex;
  std::vector<int> order;
  mutex.lock();
  std::jthread other([&] {
    std::lock_guard lock(mutex);
    order.push_back(1);
  });
  while (mutex.queue_length() < 2) std::this_thread::yield();
  mutex.unlock();
  std::lock_guard lock(mutex);  // the other thread called lock() first
  order.push_back(2);
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(LogText, IsOneShortLine) {
  EXPECT_EQ(sanitized("a\nb\x1b[31m"), "a?b?[31m");
  EXPECT_EQ(sanitized("abcdef", 3), "abc...");
  EXPECT_EQ(sanitized("ab\xc3\xa4", 3), "ab...");  // an incomplete UTF-8 sequence is removed
  EXPECT_EQ(quoted_list({"a dog", "a cat"}), "['a dog', 'a cat']");
  EXPECT_EQ(quoted_list({}), "[]");
  EXPECT_LT(sanitized_list(std::vector<std::string>(10'000, std::string(1000, 'x'))).size(), 1100U);
}

TEST(DumpFeature, NamesAreSafeAndBytesArePlainFloats) {
  EXPECT_EQ(dump_file_name(0, "a diagram"), "0_a_diagram.bin");
  EXPECT_EQ(dump_file_name(2, "../etc/pass\nwd"), "2____etc_pass_wd.bin");
  EXPECT_EQ(dump_file_name(3, ""), "3_.bin");
  EXPECT_LT(dump_file_name(4, std::string(1000, 'x')).string().size(), 100U);
  std::string path = testing::TempDir() + "clipseek_dump_" + std::to_string(::getpid()) + ".bin";
  dump_feature(path, {1.0F, -2.0F});
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::filesystem::remove(path);
  EXPECT_EQ(bytes, std::string("\0\0\x80\x3f\0\0\0\xc0", 8));
  EXPECT_THROW(dump_feature(path + "/x.bin", {1.0F}), Error);
}

TEST(FrameMeter, ReportsRatesAndMeans) {
  using std::chrono::milliseconds;
  FrameMeter meter;
  std::chrono::steady_clock::time_point start{};
  auto line = [&](std::uint64_t received, milliseconds now) {
    return rates_line(meter.measure(received, start + now).value());
  };
  EXPECT_FALSE(meter.measure(0, start));
  meter.encoded({milliseconds(40), milliseconds(200), milliseconds(0)});
  meter.encoded({milliseconds(50), milliseconds(220), milliseconds(1)});
  EXPECT_EQ(line(5, milliseconds(2000)),
            "Sub img fps: 2.50, Smart fps: 1.00, preprocess time ms: 45, infer time ms: 210, post process time ms: 0");
  EXPECT_EQ(line(6, milliseconds(4000)),
            "Sub img fps: 0.50, Smart fps: 0.00, preprocess time ms: 0, infer time ms: 0, post process time ms: 0");
}

}  // namespace
}  // namespace clipseek::nodes

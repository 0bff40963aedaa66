#include "cli/line_buffer.h"

#include <gtest/gtest.h>

#include <vector>

namespace clipseek::cli {
namespace {

class LineBufferTest : public testing::Test {
 protected:
  std::vector<std::string> lines;
  LineBuffer buffer;

  void append(std::string_view bytes) {
    buffer.append(bytes, [this](std::string_view line) { lines.emplace_back(line); });
  }
  void finish() {
    buffer.finish([this](std::string_view line) { lines.emplace_back(line); });
  }
};

TEST_F(LineBufferTest, JoinsPieces) {
  append("one\ntw");
  EXPECT_EQ(lines, std::vector<std::string>{"one"});
  append("o\n\nthr");
  append("ee");
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "two", ""}));
  finish();
  EXPECT_EQ(lines.back(), "three");
  finish();
  EXPECT_EQ(lines.size(), 4U);
}

TEST_F(LineBufferTest, SplitsAnOverlongLine) {
  std::string piece(LineBuffer::kMaxLine / 2 + 1, 'x');
  for (int i = 0; i < 4; ++i) append(piece);
  EXPECT_EQ(lines, std::vector<std::string>(2, std::string(LineBuffer::kMaxLine, 'x')));
  append("\nnext\n");
  EXPECT_EQ(lines[2], "xxxx");
  EXPECT_EQ(lines[3], "next");
}

}  // namespace
}  // namespace clipseek::cli

#include "cli/text_layout.h"

#include <gtest/gtest.h>

namespace clipseek::cli {
namespace {

TEST(Printable, KeepsTextAndEscapesControlCharacters) {
  EXPECT_EQ(printable("caf\xc3\xa9 \xe7\x8c\xab.jpg"), "caf\xc3\xa9 \xe7\x8c\xab.jpg");
  EXPECT_EQ(printable("a\nb\tc"), "a\\nb\\tc");
  EXPECT_EQ(printable("\x1b[2J\r\x7f"), "\\x1b[2J\\x0d\\x7f");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b");  // U+009B: the one-character form of ESC [
}

TEST(Printable, EscapesBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("a\xff"
                      "b"),
            "a\\xffb");
  EXPECT_EQ(printable("\xc3"), "\\xc3");                    // truncated
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width("abc"), 3);
  EXPECT_EQ(display_width("caf\xc3\xa9"), 4);
  EXPECT_EQ(display_width("e\xcc\x81"), 1);     // a combining accent
  EXPECT_EQ(display_width("\xe7\x8c\xab"), 2);  // a CJK character
}

TEST(KeepEnd, CutsOffTheBeginningOfLongText) {
  EXPECT_EQ(keep_end("photos/cat.jpg", 14), "photos/cat.jpg");
  EXPECT_EQ(keep_end("photos/cat.jpg", 10), "...cat.jpg");
  EXPECT_EQ(keep_end("\xe7\x8c\xab\xe7\x8c\xab\xe7\x8c\xab", 5), "...\xe7\x8c\xab");
  EXPECT_EQ(keep_end("photos", 2), "..");
}

TEST(Bar, FillsInEighthsOfAColumn) {
  EXPECT_EQ(bar(0.5, 4, true), "\xe2\x96\x88\xe2\x96\x88  ");
  EXPECT_EQ(bar(0.125, 1, true), "\xe2\x96\x8f");
  EXPECT_EQ(display_width(bar(0.33, 20, true)), 20);
  EXPECT_EQ(bar(1, 3, true), "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88");
}

TEST(Bar, FillsWithPlainCharactersOtherwise) {
  EXPECT_EQ(bar(0.5, 4, false, '.'), "##..");
  EXPECT_EQ(bar(-1, 2, false), "  ");
  EXPECT_EQ(bar(7, 2, false), "##");
  EXPECT_EQ(bar(std::numeric_limits<double>::quiet_NaN(), 2, false), "  ");
}

TEST(Format, Counts) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1000), "1,000");
  EXPECT_EQ(format_count(1234567), "1,234,567");
}

TEST(Format, Rates) {
  EXPECT_EQ(format_rate(3.314), "3.31");
  EXPECT_EQ(format_rate(38.24), "38.2");
  EXPECT_EQ(format_rate(99.96), "100");
  EXPECT_EQ(format_rate(4120), "4,120");
}

TEST(Format, Seconds) {
  EXPECT_EQ(format_seconds(0.44), "0.4 s");
  EXPECT_EQ(format_seconds(12.3), "12 s");
  EXPECT_EQ(format_seconds(59.7), "1 min 00 s");
  EXPECT_EQ(format_seconds(185), "3 min 05 s");
  EXPECT_EQ(format_seconds(3725), "1 h 02 min");
}

TEST(Format, Bytes) {
  EXPECT_EQ(format_bytes(812), "812 B");
  EXPECT_EQ(format_bytes(3400000), "3.4 MB");
  EXPECT_EQ(format_bytes(999999), "1.0 MB");
  EXPECT_EQ(format_bytes(56'000'000'000), "56 GB");
}

TEST(Format, Rows) {
  EXPECT_EQ(format_rows({{"a", "1"}, {"long", "2"}}), "  a     1\n  long  2\n");
}

}  // namespace
}  // namespace clipseek::cli

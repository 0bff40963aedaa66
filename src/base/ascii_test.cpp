#include "base/ascii.h"

#include <gtest/gtest.h>

namespace clipseek::base {
namespace {

TEST(Ascii, LowersAsciiLettersOnly) {
  EXPECT_EQ(ascii_lower(std::string_view("AbZ-@[\xC3\x84")), "abz-@[\xC3\x84");
  EXPECT_EQ(ascii_lower('Q'), 'q');
}

TEST(Ascii, ComparesWithoutRegardToCase) {
  EXPECT_TRUE(equal_ignoring_case("Content-Type", "content-TYPE"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
  EXPECT_FALSE(equal_ignoring_case("@", "`"));
}

TEST(Ascii, RecognisesLettersAndDigits) {
  EXPECT_TRUE(is_ascii_alphanumeric('a') && is_ascii_alphanumeric('Z') && is_ascii_alphanumeric('0'));
  EXPECT_FALSE(is_ascii_alphanumeric('_') || is_ascii_letter('1') || is_ascii_digit('\xB2'));
}

}  // namespace
}  // namespace clipseek::base

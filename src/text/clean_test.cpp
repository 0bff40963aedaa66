#include "text/clean.h"

#include <gtest/gtest.h>

#include "text/html_unescape.h"
#include "text/testing/golden_test_data.h"

namespace clipseek::text {
namespace {

std::string cleaned(std::string_view bytes) {
  return to_utf8(clean_text(bytes));
}

TEST(Clean, CollapsesAndStripsWhiteSpaceAndLowersCase) {
  EXPECT_EQ(cleaned(" \t A  Photo\r\nof\xe3\x80\x80"
                    "a DOG\x1c \xc2\xa0"),
            "a photo of a dog");
  EXPECT_EQ(cleaned("\n \t"), "");
}

TEST(Clean, LowersAsPythonDoes) {
  EXPECT_EQ(cleaned("\xce\x9f\xce\x94\xce\x9f\xce\xa3 \xce\xa3"),
            "\xce\xbf\xce\xb4\xce\xbf\xcf\x82 \xcf\x83");  // final sigma
  EXPECT_EQ(cleaned("\xc4\xb0"), "i\xcc\x87");             // I with dot above
}

TEST(Clean, ComposesAccents) {
  EXPECT_EQ(cleaned("Cafe\xcc\x81"), "caf\xc3\xa9");
}

TEST(Clean, ReplacesEachMaximalPartThatIsNotUtf8) {
  EXPECT_EQ(cleaned("a\xf0\x9f\x98"
                    "b\xc0\xaf"),
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(Clean, UnescapesHtmlTwice) {
  EXPECT_EQ(cleaned("a&amp;b &lt;tag&gt; &amp;amp;"), "a&b <tag> &");
  EXPECT_EQ(cleaned("&amp;amp;lt;"), "&lt;");
}

TEST(Clean, KnowsEveryHtmlName) {
  const base::Json golden = base::Json::parse(golden_text("html_names.json"), "html_names.json");
  const std::string& texts = golden.find("texts")->as_string("texts");
  EXPECT_EQ(to_utf8(unescape_html(decode_utf8(texts))), golden.find("unescaped")->as_string("unescaped"));
}

TEST(Clean, EqualsThePythonReference) {
  for (const base::Json& row : parse_json_lines(golden_text("tokens.jsonl"))) {
    const base::Json* text = row.find("text");
    if (text == nullptr) continue;  // bytes that are not UTF-8: bpe_tokenizer_test.cpp compares them
    EXPECT_EQ(cleaned(text->as_string("text")), row.find("clean")->as_string("clean")) << row.dump();
  }
}

// Ordering a run of a million marks takes O(n log n) time; O(n^2) would take minutes.
TEST(Clean, OrdersALongRunOfCombiningMarks) {
  constexpr std::size_t pairs = 500'000;
  const std::string acute = "\xcc\x81";      // class 230
  const std::string dot_below = "\xcc\xa3";  // class 220
  const std::string expected = "\xe1\xba\xa1" + repeated(dot_below, pairs - 1) + repeated(acute, pairs);
  EXPECT_TRUE(cleaned(std::string("a").append(repeated(acute + dot_below, pairs))) == expected);
}

}  // namespace
}  // namespace clipseek::text

#include "clipseek/query.h"

#include <gtest/gtest.h>

#include <random>

namespace clipseek::catalog {
namespace {

using Kind = QueryTerm::Kind;

// Formats each term as "weight kind value", where the kind is t, f, i or u.
std::vector<std::string> parsed(const std::string& query) {
  std::vector<std::string> terms;
  for (const QueryTerm& term : parse_query(query)) {
    std::string value = term.kind == Kind::kItem ? std::to_string(term.item) : term.value;
    std::string weight = std::to_string(term.weight);
    terms.push_back(weight.substr(0, weight.find('.') + 2) + " " + "tfiu"[static_cast<int>(term.kind)] + " " + value);
  }
  return terms;
}

using Terms = std::vector<std::string>;

TEST(Query, ASentenceIsOneTerm) {
  for (const char* sentence : {"a dog on a sofa",
                               "t-shirt",
                               "black-and-white",
                               "C++",
                               "a+b",
                               "+1",
                               "-5 degrees",
                               "--",
                               "what is 2*3",
                               "5\" screen",
                               "he said \"hello\" to me",
                               "\"a\" and \"b\"",
                               "*",
                               "a.b",
                               "version 1.0",
                               "item:",
                               "item:x",
                               "file:",
                               "file: x",
                               "upload:",
                               "jpg",
                               "\xE7\x8C\xAB"}) {
    EXPECT_EQ(parsed(sentence), Terms{std::string("1.0 t ") + sentence});
  }
  EXPECT_EQ(parsed("  a dog \n"), Terms{"1.0 t a dog"});
}

TEST(Query, AddsAndSubtractsWithWeights) {
  EXPECT_EQ(parsed("2*beach + photo.jpg - people"), (Terms{"2.0 t beach", "1.0 f photo.jpg", "-1.0 t people"}));
  EXPECT_EQ(parsed("0.5 * a t-shirt - 1.5*black-and-white"), (Terms{"0.5 t a t-shirt", "-1.5 t black-and-white"}));
  EXPECT_EQ(parsed("- people"), Terms{"-1.0 t people"});
  EXPECT_EQ(parsed("+ people"), Terms{"1.0 t people"});
  EXPECT_EQ(parsed("item:17 - 3*item:18"), (Terms{"1.0 i 17", "-3.0 i 18"}));
  EXPECT_EQ(parsed("upload:a_b-1 + blue"), (Terms{"1.0 u a_b-1", "1.0 t blue"}));
}

TEST(Query, RecognisesPictureFiles) {
  EXPECT_EQ(parsed("my photos/a cat.JPEG"), Terms{"1.0 f my photos/a cat.JPEG"});
  EXPECT_EQ(parsed("file:scan + file:\"a - b.png\""), (Terms{"1.0 f scan", "1.0 f a - b.png"}));
}

TEST(Query, KeepsQuotedText) {
  EXPECT_EQ(parsed("\"salt + pepper\" - \"item:3\""), (Terms{"1.0 t salt + pepper", "-1.0 t item:3"}));
  EXPECT_EQ(parsed("2*\"photo.jpg\""), Terms{"2.0 t photo.jpg"});
  EXPECT_EQ(parsed(R"("a \"b\" \\ c")"), Terms{R"(1.0 t a "b" \ c)"});
  EXPECT_EQ(parsed("\"a dog"), Terms{"1.0 t \"a dog"});
}

TEST(Query, KeepsTheSourceOfEachTerm) {
  std::vector<QueryTerm> terms = parse_query(" 2 * beach  +  photo.jpg - \"a  b\" ");
  ASSERT_EQ(terms.size(), 3U);
  EXPECT_EQ(terms[0].source, "2 * beach");
  EXPECT_EQ(terms[1].source, "+  photo.jpg");
  EXPECT_EQ(terms[2].source, "- \"a  b\"");
}

TEST(Query, RejectsInvalidQueries) {
  for (const char* wrong : {"", "  ", "a +", "+", "a + - b", "2*", "a - 3*", "0*a", "101*a", "\"\"", "a + \" \""}) {
    EXPECT_THROW(parse_query(wrong), Error) << wrong;
  }
  std::string many = "a";
  for (std::size_t i = 1; i < kMaxQueryTerms; ++i) many += " + a";
  EXPECT_EQ(parse_query(many).size(), kMaxQueryTerms);
  EXPECT_THROW(parse_query(many + " + a"), Error);
}

// The terms' sources, joined by spaces, form the same query, because the page removes a term by omitting its source.
TEST(Query, TheJoinedSourcesAreTheSameQuery) {
  std::mt19937 generator(3);
  const std::string letters = "ab +-*\"\\2.:item";
  for (int round = 0; round < 20'000; ++round) {
    std::string query;
    for (auto i = generator() % 24; i > 0; --i) query += letters[generator() % letters.size()];
    try {
      std::string joined;
      for (const QueryTerm& term : parse_query(query)) joined += term.source + " ";
      EXPECT_EQ(parsed(joined), parsed(query)) << query;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    }
  }
}

}  // namespace
}  // namespace clipseek::catalog

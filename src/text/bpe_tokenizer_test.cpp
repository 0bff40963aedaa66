#include "text/bpe_tokenizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <thread>

#include "text/testing/golden_test_data.h"

namespace clipseek::text {
namespace {

void expect_golden_ids(const std::string& merges_name, std::string_view column) {
  const BpeTokenizer tokenizer = golden_tokenizer(merges_name);
  const std::vector<base::Json> rows = parse_json_lines(golden_text("tokens.jsonl"));
  EXPECT_GT(rows.size(), 100U);
  for (const base::Json& row : rows) {
    EXPECT_EQ(tokenizer.encode(bytes_of(row), kUncut), token_ids(*row.find(column))) << row.dump();
  }
}

TEST(Tokenizer, EqualsThePythonReference) {
  expect_golden_ids("merges.txt", "ids");
}

// These merges are in random order: a merge may create a pair whose rank is better than its own.
TEST(Tokenizer, EqualsThePythonReferenceForAnyOrderOfMerges) {
  expect_golden_ids("merges_random.txt", "random_ids");
}

TEST(Tokenizer, CutsAndKeepsTheEndToken) {
  expect_cuts(golden_tokenizer(), repeated("a dog, 12 cats & the sea. ", 8), 2);
}

TEST(Tokenizer, SpecialTokensInTheTextBecomeTheirIds) {
  const BpeTokenizer tokenizer = golden_tokenizer();
  const std::vector<TokenId> empty = tokenizer.encode("", kUncut);
  ASSERT_EQ(empty.size(), 2U);
  const TokenId start = empty[0], end = empty[1];
  EXPECT_EQ(tokenizer.encode("<|StartOfText|><|endoftext|>", kUncut), (std::vector{start, start, end, end}));
  // After a symbol a special token does not begin a word; the run of symbols continues: "!<|", "endoftext", "|>".
  const std::vector<TokenId> inside = tokenizer.encode("!<|endoftext|>", kUncut);
  EXPECT_EQ(std::count(inside.begin(), inside.end(), end), 1);
}

TEST(Tokenizer, EncodesOneWordOfAMegabyte) {
  const BpeTokenizer tokenizer = golden_tokenizer();
  const std::string word = repeated("thedogthecatthehouse", 50'000);
  const std::vector<TokenId> all = tokenizer.encode(word, kUncut);
  // A token spans only a few letters: the ids repeat as the word does, and they begin like those of a shorter word.
  const std::vector<TokenId> few = tokenizer.encode(repeated("thedogthecatthehouse", 20), kUncut);
  EXPECT_TRUE(std::equal(few.begin(), few.end() - 8, all.begin()));
  EXPECT_GT(all.size(), 50'000U);
  std::vector<TokenId> first(all.begin(), all.begin() + 77);
  first.back() = tokenizer.end_id();
  EXPECT_EQ(tokenizer.encode(word, 77), first);
}

TEST(Tokenizer, EncodesFromManyThreads) {
  const BpeTokenizer tokenizer = golden_tokenizer();
  const std::string text = "The dog&rsquo;s Cafe\xcc\x81 \xce\xa3";
  const std::vector<TokenId> expected = tokenizer.encode(text, 77);
  std::array<std::vector<TokenId>, 4> results;
  std::vector<std::thread> threads;
  threads.reserve(results.size());
  for (auto& result : results) threads.emplace_back([&] { result = tokenizer.encode(text, 77); });
  for (std::thread& thread : threads) thread.join();
  for (const auto& result : results) EXPECT_EQ(result, expected);
}

TEST(Tokenizer, RefusesTooFewTokensAndTooLongTexts) {
  const BpeTokenizer tokenizer = golden_tokenizer();
  error_message(ErrorCode::kInvalidArgument, [&] { tokenizer.encode("a", 1); });
  EXPECT_EQ(error_message(ErrorCode::kLimitExceeded, [&] { tokenizer.encode(std::string((16 << 20) + 1, 'a'), 77); }),
            "a text of 16777217 bytes is too long; the limit is 16777216");
}

TEST(Tokenizer, MaxIdIsTheLargestIdThatATextCanHave) {
  BpeVocabulary vocabulary = golden_vocabulary();
  const auto count = static_cast<TokenId>(vocabulary.tokens.size());
  EXPECT_EQ(BpeTokenizer(vocabulary, "v").max_id(), count - 1);
  vocabulary.tokens.emplace_back("<|pad|>", 1'000'000);  // no merge produces it
  EXPECT_EQ(BpeTokenizer(vocabulary, "v").max_id(), count - 1);
  for (auto& [token, id] : vocabulary.tokens) {
    if (token == "dog") id = 2'000'000;
  }
  EXPECT_EQ(BpeTokenizer(vocabulary, "v").max_id(), 2'000'000);
}

TEST(Tokenizer, AppliesTheLastOfTwoEqualMerges) {
  BpeVocabulary vocabulary = golden_vocabulary();
  vocabulary.merges = {{"a", "b"}, {"b", "c"}, {"a", "b"}};
  TokenId id = 1000;
  for (const char* token : {"ab", "bc"}) {
    std::erase_if(vocabulary.tokens, [&](const auto& entry) { return entry.first == token; });
    vocabulary.tokens.emplace_back(token, id++);
  }
  const std::vector<TokenId> ids = BpeTokenizer(vocabulary, "v").encode("abcd", kUncut);
  EXPECT_EQ(ids.size(), 5U);
  EXPECT_EQ(ids[2], 1001);
}

std::string vocabulary_error(void (*damage)(BpeVocabulary&)) {
  BpeVocabulary vocabulary = golden_vocabulary();
  damage(vocabulary);
  return error_message(ErrorCode::kCorrupt, [&] { BpeTokenizer(vocabulary, "model/"); });
}

TEST(Tokenizer, NamesWhatIsWrongWithAVocabulary) {
  EXPECT_EQ(vocabulary_error([](BpeVocabulary& v) { v.tokens.emplace_back("new", 3); }),
            "model/: two tokens have the id 3");
  EXPECT_EQ(vocabulary_error([](BpeVocabulary& v) { v.tokens.emplace_back("new", -3); }),
            "model/: token id -3 is negative");
  EXPECT_EQ(vocabulary_error([](BpeVocabulary& v) { v.tokens.emplace_back("a", 9999); }),
            "model/: \"a\" is in the vocabulary twice");
  EXPECT_EQ(vocabulary_error([](BpeVocabulary& v) {
              v.merges = {{"a", "n"}, {"zz", "a"}};
            }),
            "model/: merge 2: \"zza\" is not in the vocabulary");
  EXPECT_EQ(vocabulary_error([](BpeVocabulary& v) {
              v.tokens.emplace_back("zza", 9999);
              v.merges = {{"zz", "a"}};
            }),
            "model/: merge 1: \"zz\" is not in the vocabulary");
  EXPECT_EQ(
      vocabulary_error([](BpeVocabulary& v) { std::erase_if(v.tokens, [](auto& t) { return t.first == "!</w>"; }); }),
      "model/: \"!</w>\" is not in the vocabulary");
  EXPECT_EQ(vocabulary_error([](BpeVocabulary& v) { v.end_token = std::string(1000, 'x'); }),
            "model/: a token of 1000 bytes is not in the vocabulary");
  EXPECT_EQ(vocabulary_error([](BpeVocabulary& v) { v.end_token = "</s>"; }),
            "model/: \"</s>\" is not in the vocabulary");
  EXPECT_EQ(vocabulary_error([](BpeVocabulary& v) {
              v.tokens.emplace_back("", 9999);
              v.start_token = "";
            }),
            "model/: a special token is empty");
}

}  // namespace
}  // namespace clipseek::text

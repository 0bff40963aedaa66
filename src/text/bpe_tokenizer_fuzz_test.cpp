// Invariants of the tokenizer for any input, checked on random inputs from fixed seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "text/testing/golden_test_data.h"

namespace clipseek::text {
namespace {

std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes;
  while (bytes.size() < size) bytes += static_cast<char>(random() % 256);
  return bytes;
}

std::string golden_corpus() {
  std::string corpus;
  for (const base::Json& row : parse_json_lines(golden_text("tokens.jsonl"))) {
    if (const base::Json* text = row.find("text")) corpus += text->as_string("text");
  }
  return corpus;
}

// The pieces are cut anywhere, also inside a character or an HTML reference.
std::string random_pieces(std::mt19937& random, const std::string& corpus) {
  std::string text;
  for (auto count = random() % 20; count > 0; --count) text += corpus.substr(random() % corpus.size(), random() % 12);
  return text;
}

void expect_invariants(const Tokenizer& tokenizer, const std::string& text, std::size_t max_tokens) {
  const TokenId start = tokenizer.encode("", 2).front();
  const std::vector<TokenId> all = tokenizer.encode(text, kUncut);
  ASSERT_GE(all.size(), 2U);
  EXPECT_EQ(all.front(), start);
  EXPECT_EQ(all.back(), tokenizer.end_id());
  EXPECT_LE(all.size(), 2 + 4 * text.size());  // an invalid byte becomes U+FFFD, three bytes
  EXPECT_TRUE(std::ranges::all_of(all, [&](TokenId id) { return id >= 0 && id <= tokenizer.max_id(); }));

  const std::vector<TokenId> cut = tokenizer.encode(text, max_tokens);
  ASSERT_EQ(cut.size(), std::min(all.size(), max_tokens));
  EXPECT_EQ(cut.back(), tokenizer.end_id());
  EXPECT_TRUE(std::equal(cut.begin(), cut.end() - 1, all.begin()));
}

class TokenizerFuzz : public testing::TestWithParam<const char*> {};

TEST_P(TokenizerFuzz, RandomBytes) {
  const BpeTokenizer tokenizer = golden_tokenizer(GetParam());
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    const std::string text = random_bytes(random, random() % 200);
    SCOPED_TRACE(base::Json(text).dump());
    expect_invariants(tokenizer, text, 2 + random() % 100);
  }
}

TEST_P(TokenizerFuzz, RandomPieces) {
  const BpeTokenizer tokenizer = golden_tokenizer(GetParam());
  const std::string corpus = golden_corpus();
  std::mt19937 random(2);
  for (int i = 0; i < 4000; ++i) {
    const std::string text = random_pieces(random, corpus);
    SCOPED_TRACE(base::Json(text).dump());
    expect_invariants(tokenizer, text, 2 + random() % 100);
  }
}

INSTANTIATE_TEST_SUITE_P(Merges, TokenizerFuzz, testing::Values("merges.txt", "merges_random.txt"),
                         [](const auto& merges) { return merges.index == 0 ? "Trained" : "Random"; });

// For files that are cut or changed anywhere, the parsers return a vocabulary or throw an Error.
TEST(VocabularyFuzz, DamagedFiles) {
  const std::string vocab = golden_text("vocab.json");
  const std::string merges = golden_text("merges.txt");
  std::mt19937 random(3);
  int accepted = 0;
  for (int i = 0; i < 300; ++i) {
    std::string damaged_vocab = vocab, damaged_merges = merges;
    std::string& damaged = i % 2 == 0 ? damaged_vocab : damaged_merges;
    for (auto n = random() % 3; n > 0; --n) damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
    if (random() % 2 == 0) damaged.resize(random() % damaged.size());
    try {
      const BpeTokenizer tokenizer(parse_bpe_vocabulary(damaged_vocab, "vocab.json", damaged_merges, "merges.txt"),
                                   "m");
      expect_invariants(tokenizer, "the dog's ball & a photo", 10);
      ++accepted;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
    }
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, 300);
}

}  // namespace
}  // namespace clipseek::text

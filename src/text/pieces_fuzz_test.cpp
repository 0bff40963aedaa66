// Invariants of word pieces, SentencePiece and Gemma vocabularies for any text and any file, checked on random inputs
// from fixed seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>

#include "text/gemma_tokenizer.h"
#include "text/sentencepiece_tokenizer.h"
#include "text/siglip_clean.h"
#include "text/testing/golden_test_data.h"
#include "text/wordpiece_tokenizer.h"

namespace clipseek::text {
namespace {

std::unique_ptr<Tokenizer> make_tokenizer(const std::string& file, const std::string& bytes) {
  if (file == "vocab.txt") return std::make_unique<WordPieceTokenizer>(bytes, file);
  if (file == "gemma.json") return std::make_unique<GemmaTokenizer>(bytes, file);
  return std::make_unique<SentencePieceTokenizer>(
      parse_piece_model(bytes, file), file == "unigram.model" ? clean_siglip_text : clean_siglip2_text, file);
}

std::string random_text(std::mt19937& random, const std::string& corpus) {
  std::string text;
  for (auto count = random() % 20; count > 0; --count) {
    if (random() % 4 == 0) {
      text += static_cast<char>(random() % 256);
    } else {
      text += corpus.substr(random() % corpus.size(), random() % 12);
    }
  }
  return text;
}

std::string golden_corpus() {
  std::string corpus;
  for (const char* file : {"pieces.jsonl", "word_pieces.jsonl"}) {
    for (const base::Json& row : parse_json_lines(golden_text(file))) {
      if (const base::Json* text = row.find("text")) corpus += text->as_string("text");
    }
  }
  return corpus;
}

void expect_invariants(const Tokenizer& tokenizer, const std::string& text, std::size_t max_tokens) {
  const std::vector<TokenId> all = tokenizer.encode(text, kUncut);
  ASSERT_GE(all.size(), 1U);
  EXPECT_EQ(all.back(), tokenizer.end_id());
  EXPECT_TRUE(std::ranges::all_of(all, [&](TokenId id) { return id >= 0 && id <= tokenizer.max_id(); }));
  const std::vector<TokenId> cut = tokenizer.encode(text, max_tokens);
  ASSERT_EQ(cut.size(), std::min(all.size(), max_tokens));
  EXPECT_EQ(cut.back(), tokenizer.end_id());
  EXPECT_TRUE(std::equal(cut.begin(), cut.end() - 1, all.begin()));
}

class PiecesFuzz : public testing::TestWithParam<const char*> {};

TEST_P(PiecesFuzz, AnyText) {
  const auto tokenizer = make_tokenizer(GetParam(), golden_text(GetParam()));
  const std::string corpus = golden_corpus();
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i) {
    const std::string text = random_text(random, corpus);
    SCOPED_TRACE(base::Json(text).dump());
    expect_invariants(*tokenizer, text, 2 + random() % 60);
  }
}

// For a file that is cut or changed anywhere, the constructor and encode() either succeed or throw an Error.
TEST_P(PiecesFuzz, DamagedFiles) {
  const std::string whole = golden_text(GetParam());
  const std::string corpus = golden_corpus();
  std::mt19937 random(2);
  int accepted = 0;
  for (int i = 0; i < 1000; ++i) {
    std::string bytes = whole;
    for (auto n = 1 + random() % 3; n > 0; --n) bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
    if (random() % 4 == 0) bytes.resize(random() % bytes.size());
    try {
      const auto tokenizer = make_tokenizer(GetParam(), bytes);
      for (int text = 0; text < 5; ++text) expect_invariants(*tokenizer, random_text(random, corpus), 10);
      ++accepted;
    } catch (const Error& error) {
      EXPECT_TRUE(error.code() == ErrorCode::kCorrupt || error.code() == ErrorCode::kUnsupported) << error.what();
      EXPECT_NE(std::string(error.what()).find(GetParam()), std::string::npos) << error.what();
    }
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, 1000);
}

INSTANTIATE_TEST_SUITE_P(Files, PiecesFuzz, testing::Values("vocab.txt", "unigram.model", "gemma.model", "gemma.json"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '.', '_');
                           return name;
                         });

}  // namespace
}  // namespace clipseek::text

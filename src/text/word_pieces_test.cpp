// Compares word pieces with the ids that tools/make_family_text_golden.py computed, and tests what the parser of
// vocab.txt refuses.
#include <gtest/gtest.h>

#include "text/testing/golden_test_data.h"
#include "text/wordpiece_tokenizer.h"

namespace clipseek::text {
namespace {

TEST(WordPieceTokenizer, EqualsThePythonReference) {
  const WordPieceTokenizer tokenizer(golden_text("vocab.txt"), "vocab.txt");
  const std::vector<base::Json> rows = parse_json_lines(golden_text("word_pieces.jsonl"));
  EXPECT_GT(rows.size(), 150U);
  for (const base::Json& row : rows) {
    EXPECT_EQ(tokenizer.encode(bytes_of(row), kUncut), token_ids(*row.find("ids"))) << row.dump();
  }
}

TEST(WordPieceTokenizer, CutsAndKeepsTheEndToken) {
  const WordPieceTokenizer tokenizer(golden_text("vocab.txt"), "vocab.txt");
  expect_cuts(tokenizer, repeated("a dog on the unaffable sofa. ", 4), 2);
  EXPECT_EQ(tokenizer.encode("", kUncut), (std::vector<TokenId>{3, 4}));
}

TEST(WordPieceTokenizer, ReadsWindowsLineEndsAndAnUnendedLastLine) {
  const WordPieceTokenizer tokenizer("[CLS]\r\n[SEP]\r\n[UNK]\r\na\r\n##b", "v");
  EXPECT_EQ(tokenizer.encode("ab b A", kUncut), (std::vector<TokenId>{0, 3, 4, 2, 3, 1}));
  EXPECT_EQ(tokenizer.max_id(), 4);
  EXPECT_EQ(tokenizer.end_id(), 1);
}

std::string refusal(std::string_view vocab_txt) {
  return error_message(ErrorCode::kCorrupt, [&] { WordPieceTokenizer(vocab_txt, "vocab.txt"); });
}

TEST(WordPieceTokenizer, NamesWhatIsWrongWithAVocabulary) {
  EXPECT_EQ(refusal(""), "vocab.txt: no token [CLS]");
  EXPECT_EQ(refusal("[CLS]\n[UNK]\n"), "vocab.txt: no token [SEP]");
  EXPECT_EQ(refusal("[CLS]\n[SEP]\n"), "vocab.txt: no token [UNK]");
  EXPECT_EQ(refusal("[CLS]\n[SEP]\n[UNK]\na\na\n"), "vocab.txt:5: the token of this line repeats an earlier one");
  EXPECT_EQ(refusal(std::string(1 << 20, '\n')), "vocab.txt:2: the token of this line repeats an earlier one");
}

TEST(WordPieceTokenizer, IsQuickForLongWordsAndLongTexts) {
  const WordPieceTokenizer tokenizer(golden_text("vocab.txt"), "vocab.txt");
  EXPECT_EQ(tokenizer.encode(std::string(1 << 20, 'a'), 52), (std::vector<TokenId>{3, 2, 4}));
  EXPECT_EQ(tokenizer.encode(repeated("dog ", 1 << 18), 52).size(), 52U);
  error_message(ErrorCode::kLimitExceeded, [&] { tokenizer.encode(std::string(kMaxTextBytes + 1, 'a'), 52); });
  error_message(ErrorCode::kInvalidArgument, [&] { tokenizer.encode("a", 1); });
}

}  // namespace
}  // namespace clipseek::text

// Compares SentencePiece and Gemma vocabularies with the ids that tools/make_family_text_golden.py computed with
// python3-sentencepiece, and tests what the parsers of their files refuse.
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "text/gemma_tokenizer.h"
#include "text/sentencepiece_tokenizer.h"
#include "text/siglip_clean.h"
#include "text/testing/golden_test_data.h"

namespace clipseek::text {
namespace {

std::unique_ptr<Tokenizer> golden_unigram() {
  return std::make_unique<SentencePieceTokenizer>(parse_piece_model(golden_text("unigram.model"), "unigram.model"),
                                                  clean_siglip_text, "unigram.model");
}
std::unique_ptr<Tokenizer> golden_gemma() {
  return std::make_unique<SentencePieceTokenizer>(parse_piece_model(golden_text("gemma.model"), "gemma.model"),
                                                  clean_siglip2_text, "gemma.model");
}
std::unique_ptr<Tokenizer> golden_gemma_json() {
  return std::make_unique<GemmaTokenizer>(golden_text("gemma.json"), "gemma.json");
}

struct Vocabulary {
  const char* column;
  std::unique_ptr<Tokenizer> (*make)();
};
void PrintTo(const Vocabulary& tried, std::ostream* out) {
  *out << tried.column;
}

class Pieces : public testing::TestWithParam<Vocabulary> {};

TEST_P(Pieces, EqualTheReference) {
  const std::unique_ptr<Tokenizer> tokenizer = GetParam().make();
  const std::vector<base::Json> rows = parse_json_lines(golden_text("pieces.jsonl"));
  EXPECT_GT(rows.size(), 150U);
  for (const base::Json& row : rows) {
    EXPECT_EQ(tokenizer->encode(bytes_of(row), kUncut), token_ids(*row.find(GetParam().column))) << row.dump();
  }
}

TEST_P(Pieces, AreCutAndKeepTheEndToken) {
  const std::unique_ptr<Tokenizer> tokenizer = GetParam().make();
  EXPECT_EQ(tokenizer->end_id(), 1);
  EXPECT_EQ(tokenizer->encode("", 1), (std::vector<TokenId>{1}));
  expect_cuts(*tokenizer, repeated("A dog on the sofa, two dogs on the beach. ", 4), 1);
}

TEST_P(Pieces, EncodeLongTextsWithoutSpaces) {
  const std::unique_ptr<Tokenizer> tokenizer = GetParam().make();
  for (std::string part : {"a", "o", "\xE6\xB5\xB7", "\xF0\x9F\x90\xB6"}) {
    EXPECT_GT(tokenizer->encode(repeated(part, 1 << 18), 64).size(), 1U);
  }
  error_message(ErrorCode::kLimitExceeded, [&] { tokenizer->encode(std::string(kMaxTextBytes + 1, 'a'), 64); });
  error_message(ErrorCode::kInvalidArgument, [&] { tokenizer->encode("a", 0); });
}

INSTANTIATE_TEST_SUITE_P(Vocabularies, Pieces,
                         testing::Values(Vocabulary{"unigram", golden_unigram}, Vocabulary{"gemma", golden_gemma},
                                         Vocabulary{"gemma_json", golden_gemma_json}),
                         [](const auto& test) { return std::string(test.param.column); });

// --- hostile and unsupported files -----------------------------------------------------------------------------------

std::string varint(std::uint64_t number) {
  std::string bytes;
  for (; number >= 0x80; number >>= 7) bytes += static_cast<char>(number | 0x80);
  return bytes + static_cast<char>(number);
}
std::string field(std::uint64_t number, std::uint64_t value) {
  return varint(number << 3) + varint(value);
}
std::string field(std::uint64_t number, const std::string& bytes) {
  return varint(number << 3 | 2) + varint(bytes.size()) + bytes;
}
std::string piece(const std::string& text, std::uint64_t type, const std::string& score = std::string(4, '\0')) {
  return field(1, field(1, text) + varint(2 << 3 | 5) + score + field(3, type));
}
const std::string kSpecials = piece("<unk>", 2) + piece("</s>", 3);

std::string refusal(ErrorCode code, const std::string& bytes) {
  return error_message(code, [&] { parse_piece_model(bytes, "m"); });
}

TEST(PieceModel, ReadsTheFormat) {
  const PieceModel model = parse_piece_model(
      kSpecials + piece("a", 1, std::string("\0\0\x80\xBF", 4)) + field(9, "unknown") + field(3, field(3, 0U)), "m");
  EXPECT_EQ(model.pieces.size(), 3U);
  EXPECT_EQ(model.pieces[2].score, -1.0F);
  EXPECT_EQ(model.unknown_id, 0);
  EXPECT_EQ(model.end_id, 1);
  EXPECT_FALSE(model.add_leading_space);
  EXPECT_TRUE(model.remove_extra_spaces);
}

TEST(PieceModel, NamesWhatIsWrong) {
  EXPECT_EQ(refusal(ErrorCode::kCorrupt, ""), "m: 0 pieces of type UNKNOWN instead of one");
  EXPECT_EQ(refusal(ErrorCode::kCorrupt, kSpecials + piece("<unk2>", 2)), "m: 2 pieces of type UNKNOWN instead of one");
  EXPECT_EQ(refusal(ErrorCode::kCorrupt, piece("<unk>", 2)), "m: no end token \"</s>\"");
  EXPECT_EQ(refusal(ErrorCode::kCorrupt, kSpecials + piece("</s>", 1)), "m: piece 2 repeats an earlier piece");
  EXPECT_EQ(refusal(ErrorCode::kCorrupt, kSpecials + piece("", 1)), "m: piece 2 has 0 bytes");
  EXPECT_EQ(refusal(ErrorCode::kCorrupt, kSpecials + piece(std::string(1025, 'a'), 1)), "m: piece 2 has 1025 bytes");
  EXPECT_EQ(refusal(ErrorCode::kCorrupt, kSpecials + piece("a", 7)), "m: a piece has an unknown type");
  EXPECT_EQ(refusal(ErrorCode::kCorrupt, kSpecials + piece("a", 1, std::string("\0\0\xC0\x7F", 4))),
            "m: the score of piece 2 is not a number");
  EXPECT_EQ(refusal(ErrorCode::kCorrupt, kSpecials + field(2, field(35, 1U))), "m: no piece <0x00>");
  EXPECT_EQ(refusal(ErrorCode::kCorrupt, kSpecials + "\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F"),
            "m: the SentencePiece model is cut off");
  EXPECT_EQ(refusal(ErrorCode::kCorrupt, "{\"model\": 1}"), "m: not a SentencePiece model");
  EXPECT_EQ(refusal(ErrorCode::kCorrupt, field(1, 7U)), "m: field 1 of the SentencePiece model is damaged");
}

TEST(PieceModel, RefusesUnsupportedOptions) {
  EXPECT_EQ(refusal(ErrorCode::kUnsupported, kSpecials + field(2, field(3, 3U))),
            "m: the SentencePiece model is neither of type unigram nor of type BPE");
  EXPECT_EQ(refusal(ErrorCode::kUnsupported, kSpecials + field(2, field(24, 1U))),
            "m: treat_whitespace_as_suffix is set");
  EXPECT_EQ(refusal(ErrorCode::kUnsupported, kSpecials + field(3, field(5, 0U))), "m: escape_whitespaces is not set");
  EXPECT_EQ(refusal(ErrorCode::kUnsupported, kSpecials + piece("a", 5) + field(2, field(3, 2U))),
            "m: piece 2 of the BPE model is unused");
}

TEST(CharacterMap, RefusesADamagedTable) {
  const std::string size_only("\4\0\0\0", 4);
  for (const std::string& bytes : {std::string("abc"), size_only, size_only + "abcd", size_only + "abcd1",
                                   std::string("\xFF\xFF\xFF\xFF", 4) + "abcd" + std::string(1, '\0')}) {
    EXPECT_EQ(error_message(ErrorCode::kCorrupt, [&] { CharacterMap(bytes, "m"); }),
              "m: the normalization table of the SentencePiece model is damaged");
  }
}

std::string json_refusal(ErrorCode code, const std::string& from, const std::string& to) {
  std::string json = golden_text("gemma.json");
  const std::size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  json.replace(at, from.size(), to);
  return error_message(code, [&] { GemmaTokenizer(json, "t"); });
}

TEST(GemmaTokenizer, RefusesOtherTokenizers) {
  const auto unsupported = [](const std::string& from, const std::string& to) {
    return json_refusal(ErrorCode::kUnsupported, from, to);
  };
  EXPECT_EQ(unsupported("\"type\":\"BPE\"", "\"type\":\"Unigram\""),
            "t: model.type is not \"BPE\", unlike Gemma's tokenizer");
  EXPECT_EQ(unsupported("\"byte_fallback\":true", "\"byte_fallback\":false"),
            "t: model.byte_fallback is not set, unlike Gemma's tokenizer");
  EXPECT_EQ(unsupported("\"end_of_word_suffix\":null", "\"end_of_word_suffix\":\"</w>\""),
            "t: model.end_of_word_suffix is set, unlike Gemma's tokenizer");
  EXPECT_EQ(unsupported("\"type\":\"Replace\"", "\"type\":\"Prepend\""),
            "t: the normalizer does more or less than replacing spaces by U+2581, unlike Gemma's tokenizer");
  EXPECT_EQ(unsupported("\"type\":\"Split\"", "\"type\":\"ByteLevel\""),
            "t: there is a pre_tokenizer that splits at more than spaces, unlike Gemma's tokenizer");
  EXPECT_EQ(unsupported("\"lstrip\":false,\"rstrip\":false,\"normalized\":false,\"special\":false",
                        "\"lstrip\":true,\"rstrip\":false,\"normalized\":false,\"special\":false"),
            "t: an added token sets lstrip, unlike Gemma's tokenizer");
}

TEST(GemmaTokenizer, NamesWhatIsWrong) {
  EXPECT_EQ(json_refusal(ErrorCode::kCorrupt, "\"<0x41>\":", "\"<0x41\":"), "t: \"<0x41>\" is not in the vocabulary");
  EXPECT_EQ(json_refusal(ErrorCode::kCorrupt, "\"merges\":[", "\"merges\":[\"a zzz\","),
            "t: merge 1: \"zzz\" is not in the vocabulary");
  EXPECT_EQ(json_refusal(ErrorCode::kCorrupt, "\"merges\":[", "\"merges\":[7,"),
            "t: model.merges[0] is not two tokens");
  EXPECT_EQ(json_refusal(ErrorCode::kCorrupt, "\"<unk>\":3", "\"<unk>\":-3"), "t: model.vocab: -3 is not a token id");
}

TEST(GemmaTokenizer, ReadsALowerCasingNormalizerAndMergesAsPairs) {
  std::string json = golden_text("gemma.json");
  const std::string from = R"("normalizer":{"type":"Replace","pattern":{"String":" "},"content":")"
                           "\xE2\x96\x81\"}";
  const std::size_t at = json.find(from);
  ASSERT_NE(at, std::string::npos);
  const std::string step = from.substr(from.find('{'));
  json.replace(at, from.size(),
               R"("normalizer":{"type":"Sequence","normalizers":[{"type":"Lowercase"},)" + step + "]}");
  const std::size_t merge = json.find("\"merges\":[\"") + 10;
  const std::size_t end = json.find('"', merge + 1);
  json.replace(merge, end + 1 - merge,
               "[" + json.substr(merge, json.find(' ', merge) - merge) + "\",\"" +
                   json.substr(json.find(' ', merge) + 1, end - json.find(' ', merge)) + "]");
  const std::string text = "A Photo of\tthe Dogs.";
  EXPECT_EQ(GemmaTokenizer(json, "t").encode(text, kUncut), golden_gemma_json()->encode(text, kUncut));
}

}  // namespace
}  // namespace clipseek::text

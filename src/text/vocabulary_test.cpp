#include "text/vocabulary.h"

#include <gtest/gtest.h>

#include "text/testing/golden_test_data.h"

namespace clipseek::text {
namespace {

using Tokens = std::vector<std::pair<std::string, TokenId>>;
using Merges = std::vector<std::pair<std::string, std::string>>;

BpeVocabulary parse(std::string_view vocab, std::string_view merges) {
  return parse_bpe_vocabulary(vocab, "m/vocab.json", merges, "m/merges.txt");
}

std::string parse_error(std::string_view vocab, std::string_view merges) {
  return error_message(ErrorCode::kCorrupt, [&] { parse(vocab, merges); });
}

TEST(Vocabulary, ReadsVocabJsonAndMergesTxt) {
  const BpeVocabulary vocabulary =
      parse(R"({"a": 0, "\u0120b</w>": 7})", "#version: 0.2\na b</w>\n\xc4\xa0 #version\n");
  EXPECT_EQ(vocabulary.tokens, (Tokens{{"a", 0},
                                       {"\xc4\xa0"
                                        "b</w>",
                                        7}}));
  EXPECT_EQ(vocabulary.merges, (Merges{{"a", "b</w>"}, {"\xc4\xa0", "#version"}}));
  EXPECT_EQ(vocabulary.start_token, "<|startoftext|>");
  EXPECT_EQ(vocabulary.end_token, "<|endoftext|>");
}

TEST(Vocabulary, ReadsMergesTxtWithAnyLineEnds) {
  const Merges expected = {{"a", "b"}, {"c", "d"}};
  EXPECT_EQ(parse("{}", "#version: 0.2\r\na b\r\nc d\r\n").merges, expected);
  EXPECT_EQ(parse("{}", "a b\nc d").merges, expected);
  EXPECT_EQ(parse("{}", "#version: 0.2\na b\nc d\n\n").merges, expected);
  EXPECT_TRUE(parse("{}", "").merges.empty());
}

TEST(Vocabulary, NamesTheLineThatIsNotAMerge) {
  for (const char* line : {"ab", "a b c", "a  b", " a", "a ", " "}) {
    const std::string message = parse_error("{}", std::string("#version: 0.2\na b\n") + line + "\nc d\n");
    EXPECT_EQ(message, "m/merges.txt:3: not two tokens with a space between") << line;
  }
}

TEST(Vocabulary, NamesTheMemberThatIsNotAnId) {
  EXPECT_EQ(parse_error("[1]", ""), "m/vocab.json is not an object");
  EXPECT_TRUE(parse_error("{\"a\": 0,", "").starts_with("m/vocab.json: invalid JSON"));
  EXPECT_EQ(parse_error(R"({"a": 0, "b": "1"})", ""), "m/vocab.json: the id of token 2 is not a whole number");
  EXPECT_EQ(parse_error(R"({"a": 1.5})", ""), "m/vocab.json: the id of token 1 is not a whole number");
  EXPECT_EQ(parse_error(R"({"a": -1})", ""), "m/vocab.json: -1 is not a token id");
  EXPECT_EQ(parse_error(R"({"a": 2147483648})", ""), "m/vocab.json: 2147483648 is not a token id");
}

std::string tokenizer_json(std::string_view merges, std::string_view options, std::string_view added) {
  return R"({"version": "1.0", "added_tokens": )" + std::string(added) +
         R"(, "normalizer": null, "model": {"vocab": {"a": 0, "b</w>": 1, "ab</w>": 2, "<|endoftext|>": 3}, )" +
         std::string(options) + R"(, "merges": )" + std::string(merges) + "}}";
}

constexpr std::string_view kClipOptions =
    R"("type": "BPE", "dropout": null, "unk_token": "<|endoftext|>", "continuing_subword_prefix": "",
       "end_of_word_suffix": "</w>", "fuse_unk": false, "byte_fallback": false, "ignore_merges": false)";
constexpr std::string_view kSpecials =
    R"([{"id": 9, "content": "<|startoftext|>", "special": true}, {"id": 3, "content": "<|endoftext|>"}])";

TEST(Vocabulary, ReadsBothFormsOfTokenizerJson) {
  const Tokens tokens = {{"a", 0}, {"b</w>", 1}, {"ab</w>", 2}, {"<|endoftext|>", 3}, {"<|startoftext|>", 9}};
  for (std::string_view merges : {R"(["a b</w>"])", R"([["a", "b</w>"]])"}) {
    const BpeVocabulary vocabulary = parse_tokenizer_json(tokenizer_json(merges, kClipOptions, kSpecials), "t");
    EXPECT_EQ(vocabulary.tokens, tokens);
    EXPECT_EQ(vocabulary.merges, (Merges{{"a", "b</w>"}}));
  }
  const std::string old = tokenizer_json("[]", R"("end_of_word_suffix": "</w>")", "[]");
  EXPECT_EQ(parse_tokenizer_json(old, "t").tokens.size(), 4U);
}

TEST(Vocabulary, TokenizerJsonGivesTheIdsOfTheOtherTwoFiles) {
  base::Json::Array merges;
  const BpeVocabulary other = golden_vocabulary();
  for (const auto& [left, right] : other.merges) merges.emplace_back(base::Json::Array{left, right});
  const std::string text = R"({"model": {"end_of_word_suffix": "</w>", "vocab": )" + golden_text("vocab.json") +
                           R"(, "merges": )" + base::Json(merges).dump() + "}}";
  const BpeVocabulary vocabulary = parse_tokenizer_json(text, "tokenizer.json");
  EXPECT_EQ(vocabulary.tokens, other.tokens);
  EXPECT_EQ(vocabulary.merges, other.merges);
}

TEST(Vocabulary, RefusesTokenizerJsonOfAnotherType) {
  const auto error = [](std::string_view options) {
    return error_message(ErrorCode::kUnsupported,
                         [&] { parse_tokenizer_json(tokenizer_json("[]", options, kSpecials), "t.json"); });
  };
  EXPECT_EQ(error(R"("type": "WordPiece")"), "t.json: model.type is not \"BPE\", unlike CLIP's tokenizer");
  EXPECT_EQ(error(R"("type": "BPE")"), "t.json: model.end_of_word_suffix is not \"</w>\", unlike CLIP's tokenizer");
  const std::string suffix = R"("end_of_word_suffix": "</w>", )";
  EXPECT_EQ(error(suffix + R"("dropout": 0.1)"), "t.json: model.dropout is set, unlike CLIP's tokenizer");
  EXPECT_EQ(error(suffix + R"("byte_fallback": true)"), "t.json: model.byte_fallback is set, unlike CLIP's tokenizer");
  EXPECT_EQ(error(suffix + R"("ignore_merges": true)"), "t.json: model.ignore_merges is set, unlike CLIP's tokenizer");
  EXPECT_EQ(error(suffix + R"("continuing_subword_prefix": "##")"),
            "t.json: model.continuing_subword_prefix is set, unlike CLIP's tokenizer");
}

TEST(Vocabulary, NamesWhatIsWrongInTokenizerJson) {
  const auto error = [](std::string_view text) {
    return error_message(ErrorCode::kCorrupt, [&] { parse_tokenizer_json(text, "t.json"); });
  };
  EXPECT_EQ(error("{}"), "t.json: no member \"model\"");
  EXPECT_EQ(error(R"({"model": {"end_of_word_suffix": "</w>"}})"), "t.json: no member \"vocab\"");
  for (std::string_view merges :
       {R"(["a b", "ab"])", R"([["a","b"], ["a"]])", R"([["a","b"], 7])", R"(["a b", ["a", 1]])"}) {
    EXPECT_EQ(error(tokenizer_json(merges, kClipOptions, "[]")), "t.json: model.merges[1] is not two tokens") << merges;
  }
  EXPECT_EQ(error(tokenizer_json("{}", kClipOptions, "[]")), "t.json: model.merges is not an array");
  EXPECT_EQ(error(tokenizer_json("[]", kClipOptions, R"([{"content": "x"}])")),
            "t.json: added_tokens: no member \"id\"");
}

}  // namespace
}  // namespace clipseek::text

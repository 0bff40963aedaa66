// Helpers that the tests of this folder share for the files in tests/golden/text/, which tools/make_text_golden.py
// writes.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/mapped_file.h"
#include "clipseek/error.h"
#include "text/bpe_tokenizer.h"
#include "text/unicode.h"

namespace clipseek::text {

inline constexpr std::size_t kUncut = std::size_t{1} << 30;

inline std::string golden_text(const std::string& name) {
  return base::read_text_file(std::string(CLIPSEEK_SOURCE_DIR "/tests/golden/text/") + name, 1 << 20);
}

inline BpeVocabulary golden_vocabulary(const std::string& merges_name = "merges.txt") {
  return parse_bpe_vocabulary(golden_text("vocab.json"), "vocab.json", golden_text(merges_name), merges_name);
}

inline BpeTokenizer golden_tokenizer(const std::string& merges_name = "merges.txt") {
  return BpeTokenizer(golden_vocabulary(merges_name), "golden");
}

inline std::vector<base::Json> parse_json_lines(std::string_view text) {
  std::vector<base::Json> rows;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    rows.push_back(base::Json::parse(text.substr(0, end), "line " + std::to_string(rows.size() + 1)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return rows;
}

inline std::vector<TokenId> token_ids(const base::Json& ids) {
  std::vector<TokenId> result;
  for (const base::Json& id : ids.as_array("ids")) result.push_back(static_cast<TokenId>(id.as_integer("id")));
  return result;
}

inline std::string to_utf8(std::u32string_view text) {
  std::string bytes;
  for (char32_t c : text) append_utf8(c, bytes);
  return bytes;
}

inline std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  text.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

// Returns the text to encode of a row of a golden file.
inline std::string bytes_of(const base::Json& row) {
  if (const base::Json* text = row.find("text")) return text->as_string("text");
  const std::string& hex = row.find("hex")->as_string("hex");
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

// Expects that encode() cuts the ids of `text` to every `max_tokens` from `special_tokens` on and keeps the end token.
inline void expect_cuts(const Tokenizer& tokenizer, const std::string& text, std::size_t special_tokens) {
  const std::vector<TokenId> all = tokenizer.encode(text, kUncut);
  ASSERT_GT(all.size(), 20U);
  for (std::size_t max_tokens = special_tokens; max_tokens < all.size() + 2; ++max_tokens) {
    std::vector<TokenId> expected = all;
    if (max_tokens < all.size()) {
      expected.resize(max_tokens);
      expected.back() = tokenizer.end_id();
    }
    EXPECT_EQ(tokenizer.encode(text, max_tokens), expected) << max_tokens;
  }
}

// Returns the message of the Error with `code` that `function` must throw.
template <typename Function>
std::string error_message(ErrorCode code, Function function) {
  try {
    function();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no Error";
  return {};
}

}  // namespace clipseek::text

#include "text/wordpiece_tokenizer.h"

#include <algorithm>
#include <array>

#include "clipseek/error.h"
#include "text/unicode.h"

namespace clipseek::text {
namespace {

constexpr std::size_t kMaxWord = 200;  // characters
constexpr std::size_t kMaxTokens = std::size_t{1} << 21;

struct Range {
  char32_t first, last;
};
// The blocks whose characters are words of their own: the CJK ideographs as of Unicode 8, not kana or hangul.
constexpr std::array<Range, 8> kChinese = {{{0x4E00, 0x9FFF},
                                            {0x3400, 0x4DBF},
                                            {0x20000, 0x2A6DF},
                                            {0x2A700, 0x2B73F},
                                            {0x2B740, 0x2B81F},
                                            {0x2B820, 0x2CEAF},
                                            {0xF900, 0xFAFF},
                                            {0x2F800, 0x2FA1F}}};

bool is_chinese(char32_t c) {
  return std::ranges::any_of(kChinese, [c](const Range& range) { return c >= range.first && c <= range.last; });
}

// To BERT all ASCII characters except letters, digits, space and control characters are punctuation, "$" and "^" too.
bool is_bert_punctuation(char32_t c) {
  if (c >= 0x80) return is_punctuation(c);
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

// Returns whether `c` separates words. The line and paragraph separators are not blanks to BERT, but Python splits
// there.
bool is_bert_blank(char32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029 || is_space_separator(c);
}

std::u32string clean(std::string_view text) {
  std::u32string out;
  for (char32_t c : decode_utf8(text)) {
    if (is_bert_blank(c)) {
      out += U' ';
    } else if (is_chinese(c)) {
      out += {U' ', c, U' '};
    } else if (c != 0xFFFD && !is_control(c)) {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::vector<std::u32string> split_bert_words(std::string_view text) {
  std::vector<std::u32string> words;
  bool inside = false;
  for (char32_t c : to_nfd(to_lower(clean(text)))) {
    if (is_nonspacing_mark(c)) continue;
    const bool alone = is_bert_punctuation(c);
    if (is_space(c)) {
      inside = false;
    } else if (inside && !alone) {
      words.back() += c;
    } else {
      words.emplace_back(1, c);
      inside = !alone;
    }
  }
  return words;
}

WordPieceTokenizer::WordPieceTokenizer(std::string_view vocab_txt, std::string_view name) : vocabulary_(vocab_txt) {
  std::string_view rest = vocabulary_;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view token = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (token.ends_with('\r')) token.remove_suffix(1);
    if (ids_.size() == kMaxTokens) {
      throw Error(ErrorCode::kCorrupt, std::string(name) + " has more than " + std::to_string(kMaxTokens) + " lines");
    }
    const std::size_t line = ids_.size() + 1;
    if (!ids_.emplace(token, static_cast<TokenId>(ids_.size())).second) {
      throw Error(ErrorCode::kCorrupt,
                  std::string(name) + ":" + std::to_string(line) + ": the token of this line repeats an earlier one");
    }
    longest_ = std::max(longest_, token.size());
  }
  class_id_ = special("[CLS]", name);
  separator_id_ = special("[SEP]", name);
  unknown_id_ = special("[UNK]", name);
}

TokenId WordPieceTokenizer::special(const char* token, std::string_view name) const {
  const auto found = ids_.find(token);
  if (found != ids_.end()) return found->second;
  throw Error(ErrorCode::kCorrupt, std::string(name) + ": no token " + token);
}

// Repeatedly takes the longest piece: "un", "##aff", "##able".
void WordPieceTokenizer::append_pieces(std::u32string_view word, std::vector<TokenId>& ids) const {
  const std::size_t before = ids.size();
  const auto unknown = [&] {
    ids.resize(before);
    ids.push_back(unknown_id_);
  };
  if (word.size() > kMaxWord) return unknown();
  std::string rest;
  for (char32_t c : word) append_utf8(c, rest);
  std::string piece;
  for (std::size_t begin = 0; begin < rest.size();) {
    piece = begin > 0 ? "##" : "";
    const std::size_t prefix = piece.size();
    piece.append(rest, begin, longest_ > prefix ? longest_ - prefix : 0);
    auto found = ids_.end();
    for (; piece.size() > prefix && found == ids_.end(); piece.pop_back()) found = ids_.find(piece);
    if (found == ids_.end()) return unknown();
    ids.push_back(found->second);
    begin += found->first.size() - prefix;
  }
}

std::vector<TokenId> WordPieceTokenizer::encode(std::string_view text, std::size_t max_tokens) const {
  check_encode_arguments(text, max_tokens, 2);
  std::vector<TokenId> ids = {class_id_};
  for (const std::u32string& word : split_bert_words(text)) {
    if (ids.size() >= max_tokens) break;
    append_pieces(word, ids);
  }
  ids.resize(std::min(ids.size(), max_tokens - 1));
  ids.push_back(separator_id_);
  return ids;
}

}  // namespace clipseek::text

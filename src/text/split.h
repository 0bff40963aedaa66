// CLIP's split of a cleaned text into words.
#pragma once

#include <cstddef>
#include <string_view>

namespace clipseek::text {

// Returns the words of `text` one after the other, as findall does with the pattern
//   START|END|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+
// where START and END stand for the texts of the two special tokens, which must not be empty. The object holds views of
// the three texts, which must outlive it.
class WordSplitter {
 public:
  WordSplitter(std::u32string_view text, std::u32string_view start_token, std::u32string_view end_token)
      : rest_(text), start_token_(start_token), end_token_(end_token) {}

  // Returns the next word; an empty view after the last one.
  std::u32string_view next();

 private:
  std::size_t word_length() const;  // of the word that `rest_` begins with

  std::u32string_view rest_;
  std::u32string_view start_token_;
  std::u32string_view end_token_;
};

}  // namespace clipseek::text

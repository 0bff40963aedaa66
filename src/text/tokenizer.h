// CLIP's tokenizer: cleaning, lower-casing and byte-level byte-pair encoding.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "text/vocabulary.h"

namespace clipseek {

// Immutable once made: any thread may call encode.
class Tokenizer {
 public:
  // Throws Error kCorrupt naming `name` where a merge or special token is not in the vocabulary, a token or id is
  // doubled, an id is negative, or a byte has no token, inside a word ("a") or at its end ("a</w>").
  Tokenizer(const BpeVocabulary& vocabulary, std::string_view name);
  ~Tokenizer();
  Tokenizer(Tokenizer&&) noexcept;

  // Start token, text, end token: 2 to `max_tokens` ids; what does not fit is cut and the end token kept. Any bytes are
  // accepted: invalid UTF-8 is replaced by U+FFFD. A special token spelled out at the beginning of a word becomes its
  // id, as in openai/CLIP. Time is linear in the text but for a word's merges and for runs of combining marks (n log
  // n). Throws Error kInvalidArgument for `max_tokens` under 2, kLimitExceeded for more than 16 MiB of text.
  std::vector<TokenId> encode(std::string_view text, std::size_t max_tokens) const;

  TokenId end_id() const;
  TokenId max_id() const;  // the largest id it can give, to check against the embedding table

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace clipseek

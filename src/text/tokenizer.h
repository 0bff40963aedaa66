// CLIP's tokenizer: cleaning, lower-casing and byte-level byte-pair encoding.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace clipseek {

using TokenId = std::int32_t;

// What vocab.json and merges.txt of a checkpoint hold; the files are read in clip/, which knows the folder.
struct BpeVocabulary {
  std::vector<std::pair<std::string, TokenId>> tokens;      // each token in its byte-to-unicode spelling, with its id
  std::vector<std::pair<std::string, std::string>> merges;  // best first
  std::string start_token = "<|startoftext|>";
  std::string end_token = "<|endoftext|>";
};

// Immutable once made: any thread may call encode.
class Tokenizer {
 public:
  // Throws Error kCorrupt naming `name` where a merge or special token is not in the vocabulary, an id is negative or
  // doubled, or a byte has no token.
  Tokenizer(const BpeVocabulary& vocabulary, std::string_view name);
  ~Tokenizer();
  Tokenizer(Tokenizer&&) noexcept;

  // Start token, text, end token: 2 to `max_tokens` ids; what does not fit is cut and the end token kept. Any bytes are
  // accepted: invalid UTF-8 is replaced by U+FFFD. Time is linear in the text but for a word's merges (n log n).
  std::vector<TokenId> encode(std::string_view text, std::size_t max_tokens) const;

  TokenId end_id() const;
  TokenId max_id() const;  // the largest id it can give, to check against the embedding table

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace clipseek

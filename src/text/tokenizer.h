// Start here: the interface of the tokenizers, one for each type of vocabulary that published checkpoints hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace clipseek::text {

using TokenId = std::int32_t;

// The longest text that is tokenized. Tokenizing takes up to 40 times the memory of the text.
constexpr std::size_t kMaxTextBytes = std::size_t{16} << 20;

// Immutable after construction: any thread may call encode.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  // Returns the ids of the start token where the family has one, the text, and the end token. Where there are more than
  // `max_tokens` ids, the text is cut and the end token kept. Accepts any bytes: invalid UTF-8 is replaced by U+FFFD.
  // Throws Error kInvalidArgument where `max_tokens` is below the number of start and end tokens, kLimitExceeded for a
  // text over kMaxTextBytes.
  virtual std::vector<TokenId> encode(std::string_view text, std::size_t max_tokens) const = 0;

  virtual TokenId end_id() const = 0;
  virtual TokenId max_id() const = 0;  // the largest id that encode can return, to check against the embedding table
};

// Checks the arguments of encode() for a tokenizer that adds `special_tokens` ids to those of the text.
void check_encode_arguments(std::string_view text, std::size_t max_tokens, std::size_t special_tokens);

}  // namespace clipseek::text

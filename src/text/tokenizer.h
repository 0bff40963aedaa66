// Start here: the interface of the tokenizers, one for each kind of vocabulary that published checkpoints hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace clipseek::text {

using TokenId = std::int32_t;

// The longest text that is tokenized. The work takes up to 40 times the memory of the text.
constexpr std::size_t kMaxTextBytes = std::size_t{16} << 20;

// Immutable once made: any thread may call encode.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  // The start token where the family has one, the text, the end token: at most `max_tokens` ids; what does not fit is
  // cut and the end token kept. Any bytes are accepted: invalid UTF-8 is replaced by U+FFFD. Throws Error
  // kInvalidArgument where `max_tokens` leaves no room for start and end, kLimitExceeded for a text over kMaxTextBytes.
  virtual std::vector<TokenId> encode(std::string_view text, std::size_t max_tokens) const = 0;

  virtual TokenId end_id() const = 0;
  virtual TokenId max_id() const = 0;  // the largest id it can give, to check against the embedding table
};

// The checks that encode() states, for a tokenizer whose texts have `special_tokens` beside their words.
void check_encode_arguments(std::string_view text, std::size_t max_tokens, std::size_t special_tokens);

}  // namespace clipseek::text

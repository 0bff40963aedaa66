#include "text/tokenizer.h"

#include <string>

#include "clipseek/error.h"

namespace clipseek::text {

void check_encode_arguments(std::string_view text, std::size_t max_tokens, std::size_t special_tokens) {
  if (max_tokens < special_tokens) {
    throw Error(ErrorCode::kInvalidArgument, "a text needs room for " + std::to_string(special_tokens) +
                                                 (special_tokens == 1 ? " token" : " tokens") + ", not " +
                                                 std::to_string(max_tokens));
  }
  if (text.size() > kMaxTextBytes) {
    throw Error(ErrorCode::kLimitExceeded, "a text of " + std::to_string(text.size()) +
                                               " bytes is too long; the limit is " + std::to_string(kMaxTextBytes));
  }
}

}  // namespace clipseek::text

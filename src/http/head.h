// The header section of a request (RFC 9112, sections 2 to 6), and the encodings inside an address.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace clipseek::http {

inline constexpr std::size_t kMaxHeadBytes = 16 << 10;
inline constexpr std::size_t kMaxTargetBytes = 8 << 10;

struct Head {
  Request request;                // without its body
  std::uint64_t body_length = 0;  // the bytes that follow the header section
  bool keep_alive = false;        // the connection stays open after the response
};

// Reads a whole header section, at most kMaxHeadBytes up to and including its empty line. It is strict where servers
// have been attacked: line ends are CR LF, no line is folded, no space stands before a colon, and there is one Host and
// one Content-Length. Throws StatusError, 411 for a body of unknown length (as a chunked one is).
Head parse_head(std::string_view section);

// "%41" becomes "A", and with `form` "+" becomes a space. Null for a "%" without two hex digits, and where the result
// is not UTF-8 or holds a NUL.
std::optional<std::string> percent_decode(std::string_view text, bool form);

// "a=1&b=2", decoded. Throws StatusError 400; also for more than 64 parameters.
Parameters parse_parameters(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace clipseek::http

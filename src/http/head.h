// The header section of a request (RFC 9112, sections 2 to 6), and the encodings inside an address.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace clipseek::http {

inline constexpr std::size_t kMaxHeadBytes = 16 << 10;
inline constexpr std::size_t kMaxTargetBytes = 8 << 10;

// Where the header section that `bytes` begin with ends (after its empty line); nothing while that has not arrived. The
// first `searched` bytes are known to hold no end. Throws StatusError when it is longer than kMaxHeadBytes.
std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t searched);

// A whole header section as a request without body. Strict where servers have been fooled: line ends are CR LF, no
// folded lines, no space before a colon, one Host. Throws StatusError.
Request parse_head(std::string_view section);

// How many bytes of body follow. Throws StatusError for a body of unknown length, as a chunked one is.
std::uint64_t body_length(const Request& request);

// Whether the connection stays open after the response.
bool wants_keep_alive(const Request& request);

// "%41" becomes "A", and with `form` "+" a space. Nothing for a "%" without two hex digits, and for what is no UTF-8
// or holds a NUL.
std::optional<std::string> percent_decode(std::string_view text, bool form);

// "a=1&b=2", decoded. Throws StatusError 400; also for more than 64 parameters.
Parameters parse_parameters(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace clipseek::http

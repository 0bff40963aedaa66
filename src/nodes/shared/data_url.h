// Pictures within a url: "data:image/jpeg;base64,...", RFC 2397 with the base64 of RFC 4648.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace clipseek::nodes {

bool is_data_url(std::string_view url);

// Throws Error kCorrupt for a URL without base64, or with characters that are none of it; kLimitExceeded beyond 512
// MiB.
std::vector<std::byte> decode_data_url(std::string_view url);

}  // namespace clipseek::nodes

// Pictures inside a URL, "data:image/jpeg;base64,...": RFC 2397 with the base64 of RFC 4648.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clipseek::nodes {

bool is_data_url(std::string_view url);

// Returns the decoded bytes. Throws Error kCorrupt for a URL that is not a valid base64 data URL, kLimitExceeded above
// 512 MiB.
std::vector<std::byte> decode_data_url(std::string_view url);

// Returns "data:TYPE;base64,..." with `bytes`, padded.
std::string encode_data_url(std::string_view type, std::span<const std::byte> bytes);

}  // namespace clipseek::nodes

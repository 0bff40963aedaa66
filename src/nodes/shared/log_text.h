// Texts from outside, made safe for log lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clipseek::nodes {

// Replaces ASCII control characters by '?' and cuts texts longer than `max_bytes`, which then end in "...".
std::string sanitized(std::string_view text, std::size_t max_bytes = 200);

// A list such as "a dog, a cat", sanitized and cut.
std::string sanitized_list(const std::vector<std::string>& texts);

// A list such as "['a dog', 'a cat']", sanitized and cut.
std::string quoted_list(const std::vector<std::string>& texts);

}  // namespace clipseek::nodes

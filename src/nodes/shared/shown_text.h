// Texts of others in log lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clipseek::nodes {

// `text` on one line: control characters become "?", and what is longer than `most` bytes ends in "...".
std::string shown(std::string_view text, std::size_t most = 200);

// "a dog, a cat", cut as shown() does.
std::string shown_list(const std::vector<std::string>& texts);

// "['a dog', 'a cat']", cut as shown() does.
std::string quoted_list(const std::vector<std::string>& texts);

}  // namespace clipseek::nodes

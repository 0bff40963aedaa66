// HTML character references.
#pragma once

#include <string>
#include <string_view>

namespace clipseek::text {

// Replaces "&eacute;", "&#233;" and "&#xe9;" by their characters, by the rules of the HTML standard ("Character
// reference state") as Python's html.unescape applies them: names that are valid without a semicolon need none, and
// numbers that do not denote a character become U+FFFD or are removed.
std::u32string unescape_html(std::u32string_view text);

}  // namespace clipseek::text

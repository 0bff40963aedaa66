// Text for the terminal: numbers, times and bars, and untrusted text (file names, messages) made safe to print. All
// text is UTF-8, whatever the locale.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clipseek::cli {

// Returns `text` with all characters that could break a line or control a terminal escaped as in C: "a\nb", "\x1b[2J";
// bytes that are not UTF-8 become "\xff".
std::string printable(std::string_view text);

// Returns the number of terminal columns of printable text: 2 for a wide CJK character, 0 for a combining mark.
int display_width(std::string_view text);

// Returns `text`, cut off at its beginning, with an ellipsis, if it is wider than `columns`: the end of a path matters
// most.
std::string keep_end(std::string_view text, int columns);

// Returns a bar of `columns` columns, filled from the left up to `fraction` (0 to 1): in eighths of a column if
// `blocks` (Unicode block characters) may be used, otherwise with '#'. The remaining columns are filled with `rest`.
std::string bar(double fraction, int columns, bool blocks, char rest = ' ');

std::string format_count(std::uint64_t count);         // 1,234,567
std::string format_decimal(double value, int digits);  // 0.2893
std::string format_rate(double per_second);            // 3.31, 38.2, 412
std::string format_seconds(double seconds);            // 0.4 s, 12 s, 3 min 05 s, 1 h 02 min
std::string format_bytes(std::uint64_t bytes);         // 812 B, 3.4 MB

// Returns one line for each (label, value), indented by two columns, with the values aligned.
using Rows = std::vector<std::pair<std::string, std::string>>;
std::string format_rows(const Rows& rows);

}  // namespace clipseek::cli

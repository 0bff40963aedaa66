// Text for people: numbers, times and bars, and text from outside (file names, messages) made safe to print. All text
// is UTF-8, whatever the locale.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clipseek::cli {

// `text` with everything that could break a line or steer a terminal spelled out as in C: "a\nb", "\x1b[2J"; bytes that
// are no UTF-8 as "\xff".
std::string printable(std::string_view text);

// How many terminal columns printable text takes: 2 for a wide CJK character, 0 for a combining mark.
int display_width(std::string_view text);

// `text`, or where it is wider than `columns` its end behind an ellipsis: a path is told by its last part.
std::string keep_end(std::string_view text, int columns);

// `columns` wide: filled from the left for `fraction` (0 ... 1) of it, in eighths of a column where `blocks` (Unicode
// block characters) may be used and in '#' otherwise, the rest filled with `rest`.
std::string bar(double fraction, int columns, bool blocks, char rest = ' ');

std::string format_count(std::uint64_t count);         // 1,234,567
std::string format_decimal(double value, int digits);  // 0.2893
std::string format_rate(double per_second);            // 3.31, 38.2, 412
std::string format_seconds(double seconds);            // 0.4 s, 12 s, 3 min 05 s, 1 h 02 min
std::string format_bytes(std::uint64_t bytes);         // 812 B, 3.4 MB

// One line for each (label, value), values below each other, indented by two.
using Rows = std::vector<std::pair<std::string, std::string>>;
std::string format_rows(const Rows& rows);

}  // namespace clipseek::cli

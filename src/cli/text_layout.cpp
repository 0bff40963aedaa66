#include "cli/text_layout.h"

#include <locale.h>
#include <wchar.h>
#include <wctype.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace clipseek::cli {
namespace {

// Sets the calling thread's locale to C.UTF-8 (built into glibc) while it exists, so that mbrtowc and wcwidth know
// UTF-8 independently of the user's locale.
class Utf8Locale {
 public:
  Utf8Locale() : previous_(uselocale(utf8())) {}
  ~Utf8Locale() { uselocale(previous_); }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  static locale_t utf8() {
    static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return locale;
  }
  locale_t previous_;
};

struct Character {
  wchar_t code = 0;
  std::string_view bytes;
  bool valid = false;
};

// Returns the first character of `text`, which must not be empty. A byte that does not begin a character is one invalid
// character.
Character first_character(std::string_view text) {
  Character character;
  mbstate_t state{};
  std::size_t length = mbrtowc(&character.code, text.data(), text.size(), &state);
  character.valid = length <= text.size();
  character.bytes = text.substr(0, character.valid ? std::max<std::size_t>(length, 1) : 1);
  return character;
}

std::string escaped(std::string_view bytes) {
  std::string out;
  for (unsigned char byte : bytes) {
    std::array<char, 8> code;
    std::snprintf(code.data(), code.size(), "\\x%02x", byte);
    out += code.data();
  }
  return out;
}

std::string formatted(const char* format, double value) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

}  // namespace

std::string printable(std::string_view text) {
  Utf8Locale locale;
  std::string out;
  while (!text.empty()) {
    Character character = first_character(text);
    text.remove_prefix(character.bytes.size());
    if (character.bytes == "\n") {
      out += "\\n";
    } else if (character.bytes == "\t") {
      out += "\\t";
    } else if (character.valid && iswprint(static_cast<wint_t>(character.code))) {
      out += character.bytes;
    } else {
      out += escaped(character.bytes);
    }
  }
  return out;
}

int display_width(std::string_view text) {
  Utf8Locale locale;
  int width = 0;
  while (!text.empty()) {
    Character character = first_character(text);
    text.remove_prefix(character.bytes.size());
    width += std::max(0, wcwidth(character.code));
  }
  return width;
}

std::string keep_end(std::string_view text, int columns) {
  static constexpr std::string_view kEllipsis = "...";
  if (display_width(text) <= columns) return std::string(text);
  int room = std::max(0, columns - static_cast<int>(kEllipsis.size()));
  int width = display_width(text);
  Utf8Locale locale;
  while (width > room) {
    Character character = first_character(text);
    text.remove_prefix(character.bytes.size());
    width -= std::max(0, wcwidth(character.code));
  }
  return std::string(kEllipsis.substr(0, static_cast<std::size_t>(std::max(0, columns)))) + std::string(text);
}

std::string bar(double fraction, int columns, bool blocks, char rest) {
  // From U+258F (one eighth of a column) to U+2588 (a full column).
  static constexpr std::array<std::string_view, 9> kEighths = {"",
                                                               "\xe2\x96\x8f",
                                                               "\xe2\x96\x8e",
                                                               "\xe2\x96\x8d",
                                                               "\xe2\x96\x8c",
                                                               "\xe2\x96\x8b",
                                                               "\xe2\x96\x8a",
                                                               "\xe2\x96\x89",
                                                               "\xe2\x96\x88"};
  double filled = std::clamp(std::isfinite(fraction) ? fraction : 0.0, 0.0, 1.0) * columns;
  int eighths = static_cast<int>(std::lround(filled * 8));
  int full = blocks ? eighths / 8 : static_cast<int>(std::lround(filled));
  std::string out;
  for (int i = 0; i < full; ++i) out += blocks ? kEighths[8] : "#";
  int used = full;
  if (blocks && eighths % 8 > 0) {
    out += kEighths[static_cast<std::size_t>(eighths % 8)];
    ++used;
  }
  return out.append(static_cast<std::size_t>(std::max(0, columns - used)), rest);
}

std::string format_count(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string format_decimal(double value, int digits) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

std::string format_rate(double per_second) {
  if (per_second < 9.995) return formatted("%.2f", per_second);
  if (per_second < 99.95) return formatted("%.1f", per_second);
  return format_count(static_cast<std::uint64_t>(std::llround(per_second)));
}

std::string format_seconds(double seconds) {
  if (seconds < 9.95) return formatted("%.1f s", std::max(0.0, seconds));
  auto whole = std::llround(seconds);
  if (whole < 60) return std::to_string(whole) + " s";
  auto two_digits = [](long long value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  if (whole < 3600) return std::to_string(whole / 60) + " min " + two_digits(whole % 60) + " s";
  return format_count(static_cast<std::uint64_t>(whole / 3600)) + " h " + two_digits(whole % 3600 / 60) + " min";
}

std::string format_bytes(std::uint64_t bytes) {
  static constexpr std::array<const char*, 5> kUnits = {"kB", "MB", "GB", "TB", "PB"};
  if (bytes < 1000) return std::to_string(bytes) + " B";
  auto value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return formatted(value < 9.95 ? "%.1f " : "%.0f ", value) + kUnits[unit];
}

std::string format_rows(const Rows& rows) {
  int widest = 0;
  for (const auto& [label, value] : rows) widest = std::max(widest, display_width(label));
  std::string text;
  for (const auto& [label, value] : rows) {
    std::string gap(static_cast<std::size_t>(widest - display_width(label) + 2), ' ');
    text += "  " + label + gap + value + "\n";
  }
  return text;
}

}  // namespace clipseek::cli

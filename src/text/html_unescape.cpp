#include "text/html_unescape.h"

#include <algorithm>
#include <array>

#include "text/html_entities.h"

namespace clipseek::text {
namespace {

constexpr std::size_t kMaxName = 32;
constexpr char32_t kMaxCodePoint = 0x10FFFF;
constexpr char32_t kReplacement = 0xFFFD;

// The characters of the numbers 0x80 to 0x9F: those of Windows-1252, where it has one.
constexpr std::array<char16_t, 32> kWindows1252 = {0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0x8D,   0x17D,  0x8F,
                                                   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

bool is_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}
bool is_hex_digit(char32_t c) {
  return is_digit(c) || (c >= U'a' && c <= U'f') || (c >= U'A' && c <= U'F');
}
bool is_name_part(char32_t c) {
  return std::u32string_view(U"\t\n\f <&#;").find(c) == std::u32string_view::npos;
}

char32_t digit_value(char32_t c) {
  if (is_digit(c)) return c - U'0';
  return (c | 0x20) - U'a' + 10;
}

void append_number(char32_t number, std::u32string& out) {
  if (number >= 0x80 && number <= 0x9F) {
    out += kWindows1252[number - 0x80];
  } else if (number == 0 || number > kMaxCodePoint || (number >= 0xD800 && number <= 0xDFFF)) {
    out += kReplacement;
  } else {
    const bool blank = number == U'\t' || number == U'\n' || number == U'\f' || number == U'\r';
    const bool control = (number < 0x20 && !blank) || number == 0x7F;
    const bool noncharacter = (number >= 0xFDD0 && number <= 0xFDEF) || (number & 0xFFFE) == 0xFFFE;
    if (!control && !noncharacter) out += number;
  }
}

// read_number and read_name read a reference at `at`, just after its '&', append the characters that it stands for and
// return the position after it; `at` itself where there is no reference.
std::size_t read_number(std::u32string_view text, std::size_t at, std::u32string& out) {
  std::size_t end = at + 1;
  const bool hex = end < text.size() && (text[end] | 0x20) == U'x';
  if (hex) ++end;
  const std::size_t first = end;
  char32_t number = 0;
  while (end < text.size() && (hex ? is_hex_digit(text[end]) : is_digit(text[end]))) {
    number = std::min(number * (hex ? 16 : 10) + digit_value(text[end]), kMaxCodePoint + 1);
    ++end;
  }
  if (end == first) return at;
  append_number(number, out);
  return end < text.size() && text[end] == U';' ? end + 1 : end;
}

std::size_t read_name(std::u32string_view text, std::size_t at, std::u32string& out) {
  std::string name;
  std::size_t end = at;
  while (end < text.size() && end - at < kMaxName && is_name_part(text[end])) {
    name += text[end] < 0x80 ? static_cast<char>(text[end]) : '?';  // no name holds a '?'
    ++end;
  }
  if (name.empty()) return at;
  if (end < text.size() && text[end] == U';') {
    if (const HtmlEntity* entity = find_html_entity(name)) {
      entity->append_to(out);
      return end + 1;
    }
  }
  for (std::size_t length = std::min(name.size(), kMaxBareHtmlEntity); length > 1; --length) {
    const HtmlEntity* entity = find_html_entity(std::string_view(name).substr(0, length));
    if (entity != nullptr && entity->bare) {
      entity->append_to(out);
      return at + length;
    }
  }
  return at;
}

}  // namespace

std::u32string unescape_html(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != U'&') {
      out += text[i++];
      continue;
    }
    const std::size_t start = ++i;
    if (start < text.size()) {
      i = text[start] == U'#' ? read_number(text, start, out) : read_name(text, start, out);
    }
    if (i == start) out += U'&';
  }
  return out;
}

}  // namespace clipseek::text

#include "text/siglip_clean.h"

#include "text/unicode.h"

namespace clipseek::text {
namespace {

bool is_ascii_punctuation(char32_t c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

constexpr char32_t kSpelledSpace = 0x2581;  // stands for a space in pieces

// White space as Python defines it: the four information separators belong to it.
bool is_python_blank(char32_t c) {
  return is_space(c) || (c >= 0x1C && c <= 0x1F) || c == kSpelledSpace;
}

}  // namespace

std::string clean_siglip_text(std::string_view text) {
  std::string out;
  for (char32_t c : to_lower_each(decode_utf8(text))) {
    if (is_ascii_punctuation(c)) continue;
    if (!is_python_blank(c)) {
      append_utf8(c, out);
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string clean_siglip2_text(std::string_view text) {
  std::string out;
  for (char32_t c : to_lower_each(decode_utf8(text))) append_utf8(c == kSpelledSpace ? U' ' : c, out);
  return out;
}

}  // namespace clipseek::text

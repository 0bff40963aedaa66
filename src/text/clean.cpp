#include "text/clean.h"

#include "text/html_unescape.h"
#include "text/unicode.h"

namespace clipseek::text {
namespace {

std::u32string collapse_space(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (char32_t c : text) {
    if (!is_space(c)) {
      out += c;
    } else if (out.empty() || out.back() != U' ') {
      out += U' ';
    }
  }
  return out;
}

// Removes the four information separators too: Python's str.strip() counts them as white space, \s does not.
std::u32string_view strip(std::u32string_view text) {
  const auto blank = [](char32_t c) { return is_space(c) || (c >= 0x1C && c <= 0x1F); };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::u32string clean_text(std::string_view bytes) {
  std::u32string text = decode_utf8(bytes);
  if (text.find(U'&') != std::u32string::npos) text = unescape_html(unescape_html(text));
  text = collapse_space(to_nfc(std::move(text)));
  return to_lower(strip(text));
}

}  // namespace clipseek::text

// The named character references of HTML.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace clipseek::text {

struct HtmlEntity {
  std::string_view name;  // without '&' and ';'
  char32_t first = 0;
  char32_t second = 0;  // 0 when the name stands for one code point
  bool bare = false;    // also valid without ';'

  void append_to(std::u32string& out) const {
    out += first;
    if (second != 0) out += second;
  }
};

constexpr std::size_t kMaxBareHtmlEntity = 6;  // letters of the longest bare name

// Returns a null pointer where HTML has no such name.
const HtmlEntity* find_html_entity(std::string_view name);

}  // namespace clipseek::text

// What CLIP does to a text before it is split into words.
#pragma once

#include <string>
#include <string_view>

namespace clipseek::text {

// openai/CLIP's basic_clean and whitespace_clean without ftfy's repairs: UTF-8 decoded, HTML references replaced twice
// ("&amp;lt;" is "<"), normal form C, each run of white space one space, none at the ends, lower case.
std::u32string clean_text(std::string_view bytes);

}  // namespace clipseek::text

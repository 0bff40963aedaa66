// CLIP's cleaning of a text before it is split into words.
#pragma once

#include <string>
#include <string_view>

namespace clipseek::text {

// Applies openai/CLIP's basic_clean and whitespace_clean without ftfy's repairs: decodes UTF-8, replaces HTML
// references twice ("&amp;lt;" becomes "<"), converts to normalization form C, replaces each run of white space by one
// space, removes it at the ends, and converts to lower case.
std::u32string clean_text(std::string_view bytes);

}  // namespace clipseek::text

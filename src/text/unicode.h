// Unicode as the tokenizer needs it: UTF-8, normal form C, lower case and character classes, over whole code points.
// All functions are pure and may be called from any thread.
#pragma once

#include <string>
#include <string_view>

namespace clipseek {

// Each maximal ill-formed part becomes one U+FFFD, as the Unicode standard recommends (section 3.9) and Python's
// errors="replace" does. `bytes` must be shorter than 2^31.
std::u32string decode_utf8(std::string_view bytes);
void append_utf8(char32_t code_point, std::string& out);

// Normalization form C (UAX #15) in n log n: ICU's own normalizer takes quadratic time for a long run of combining
// marks.
std::u32string to_nfc(std::u32string text);

// Full, language-independent lower-casing as Python's str.lower(), the final sigma included.
std::u32string to_lower(std::u32string_view text);

bool is_space(char32_t c);   // White_Space
bool is_letter(char32_t c);  // general category L
bool is_number(char32_t c);  // general category N

}  // namespace clipseek

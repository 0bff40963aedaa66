// Unicode operations that the tokenizers need: UTF-8, normal forms, lower case and character classes, over whole code
// points. All functions are pure and may be called from any thread.
#pragma once

#include <string>
#include <string_view>

namespace clipseek::text {

// Replaces each maximal ill-formed part by one U+FFFD, as the Unicode standard recommends (section 3.9) and Python's
// errors="replace" does. `bytes` must be shorter than 2^31.
std::u32string decode_utf8(std::string_view bytes);
void append_utf8(char32_t code_point, std::string& out);

// Normalization form C (UAX #15) in O(n log n) time: ICU's own normalizer takes quadratic time for a long run of
// combining marks.
std::u32string to_nfc(std::u32string text);

std::u32string to_nfd(std::u32string_view text);  // normalization form D

// Applies full, language-independent lower-casing like Python's str.lower(), including the rule for the final sigma.
std::u32string to_lower(std::u32string_view text);
// Converts each character separately, without the rule for the final sigma.
std::u32string to_lower_each(std::u32string_view text);

bool is_space(char32_t c);            // White_Space
bool is_letter(char32_t c);           // general category L
bool is_number(char32_t c);           // general category N
bool is_punctuation(char32_t c);      // general category P
bool is_control(char32_t c);          // general categories Cc and Cf
bool is_space_separator(char32_t c);  // general category Zs
bool is_nonspacing_mark(char32_t c);  // general category Mn

}  // namespace clipseek::text

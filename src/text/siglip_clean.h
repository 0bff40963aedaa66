// SigLIP's cleaning of a text before it is split into pieces.
#pragma once

#include <string>
#include <string_view>

namespace clipseek::text {

// Both functions accept any bytes and return UTF-8 with each invalid part replaced by U+FFFD, in lower case (character
// by character) and with a space for U+2581, which stands for a space in the vocabularies. clean_siglip_text, for the
// first version, also removes ASCII punctuation, replaces each run of white space by one space and removes it at the
// ends (transformers, tokenization_siglip.py; big_vision calls it "canonicalize").
std::string clean_siglip_text(std::string_view text);
std::string clean_siglip2_text(std::string_view text);

}  // namespace clipseek::text

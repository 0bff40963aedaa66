// What SigLIP does to a text before it is cut into pieces.
#pragma once

#include <string>
#include <string_view>

namespace clipseek::text {

// Both take any bytes and give UTF-8, each invalid part replaced by U+FFFD, in lower case (character by character) and
// with a space for U+2581, which spells one in the vocabularies. Texts of the first version lose ASCII's punctuation
// too, and each run of white space becomes one space, with none at the ends (transformers, tokenization_siglip.py;
// big_vision calls it "canonicalize").
std::string clean_siglip_text(std::string_view text);
std::string clean_siglip2_text(std::string_view text);

}  // namespace clipseek::text

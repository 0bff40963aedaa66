// What GemmaTokenizer needs of a Hugging Face tokenizer.json.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/prefix_index.h"
#include "text/tokenizer.h"

namespace clipseek::text {

struct GemmaVocabulary {
  std::vector<std::pair<std::string, TokenId>> tokens;
  std::vector<std::pair<std::string, std::string>> merges;  // best first
  // Tokens that are taken whole, not special ones: looked for before and after spaces are spelled as U+2581.
  std::vector<PrefixIndex::Entry> added, added_normalized;
};

// Throws Error as GemmaTokenizer says.
GemmaVocabulary parse_gemma_json(std::string_view text, std::string_view name);

}  // namespace clipseek::text

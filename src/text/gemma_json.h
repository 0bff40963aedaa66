// The parts of a Hugging Face tokenizer.json that GemmaTokenizer needs.
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
  // Added tokens that are not special and are matched whole: before and after spaces are replaced by U+2581.
  std::vector<PrefixIndex::Entry> added, added_normalized;
};

// Throws the Errors that GemmaTokenizer's constructor states.
GemmaVocabulary parse_gemma_json(std::string_view text, std::string_view name);

}  // namespace clipseek::text

// The vocabulary of a byte-level BPE tokenizer and its file formats.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/tokenizer.h"

namespace clipseek::text {

struct BpeVocabulary {
  std::vector<std::pair<std::string, TokenId>> tokens;      // each token in its byte-to-unicode spelling, with its id
  std::vector<std::pair<std::string, std::string>> merges;  // best first; where a pair occurs twice, the last counts
  std::string start_token = "<|startoftext|>";
  std::string end_token = "<|endoftext|>";
};

// Parses the texts of a checkpoint's vocab.json ({token: id}) and merges.txt (a "#version" line, then two tokens a
// line; LF or CRLF). Throws Error kCorrupt naming the file and the line or member. BpeTokenizer checks that the two
// files fit together.
BpeVocabulary parse_bpe_vocabulary(std::string_view vocab_json, std::string_view vocab_name,
                                   std::string_view merges_txt, std::string_view merges_name);

// Parses the text of a Hugging Face tokenizer.json: `model` of type BPE with "</w>" at the end of words, and
// `added_tokens`. Throws Error kUnsupported for another model or an option that changes the ids, kCorrupt as above.
BpeVocabulary parse_tokenizer_json(std::string_view text, std::string_view name);

}  // namespace clipseek::text

// Gemma's tokenizer as a Hugging Face tokenizer.json holds it, which SigLIP 2 uses.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/bpe.h"
#include "text/pair_merger.h"
#include "text/prefix_index.h"
#include "text/tokenizer.h"

namespace clipseek::text {

// Byte-pair encoding over whole texts: spaces spelled as U+2581, a character without a token as its bytes ("<0x0A>").
class GemmaTokenizer : public Tokenizer {
 public:
  // The text of a tokenizer.json. Its `post_processor` is not read: a text gets "<eos>" and no start token, as SigLIP 2
  // was trained. Throws Error kUnsupported for another model, normalizer or pre-tokenizer, kCorrupt naming `name` and
  // the member.
  GemmaTokenizer(std::string_view json, std::string_view name);
  GemmaTokenizer(const GemmaTokenizer&) = delete;

  // The text in lower case, then "<eos>". Special tokens spelled out in a text are text.
  std::vector<TokenId> encode(std::string_view text, std::size_t max_tokens) const override;

  TokenId end_id() const override { return end_id_; }
  TokenId max_id() const override { return max_id_; }

 private:
  void append_segment(std::string_view text, std::vector<TokenId>& ids) const;
  void append_merged(const std::string& text, std::vector<TokenId>& ids) const;

  std::unordered_map<std::string, TokenId> ids_;
  MergeTable merges_;
  std::array<TokenId, 256> byte_ids_;
  PrefixIndex added_;             // tokens that are looked for in the text as it is
  PrefixIndex added_normalized_;  // and where spaces are spelled as U+2581
  TokenId end_id_ = 0;
  TokenId max_id_ = 0;
};

}  // namespace clipseek::text

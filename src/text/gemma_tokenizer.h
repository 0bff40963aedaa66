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

// Byte-pair encoding of whole texts. Spaces are replaced by U+2581, and a character without a token is encoded as its
// bytes ("<0x0A>").
class GemmaTokenizer : public Tokenizer {
 public:
  // `json` is the text of a tokenizer.json. Its `post_processor` is not read: a text gets "<eos>" and no start token,
  // as in the training of SigLIP 2. Throws Error kUnsupported for another model, normalizer or pre-tokenizer, kCorrupt
  // naming `name` and the member.
  GemmaTokenizer(std::string_view json, std::string_view name);
  GemmaTokenizer(const GemmaTokenizer&) = delete;

  // Encodes the text in lower case, then "<eos>". A special token written out in the text is encoded like other text.
  std::vector<TokenId> encode(std::string_view text, std::size_t max_tokens) const override;

  TokenId end_id() const override { return end_id_; }
  TokenId max_id() const override { return max_id_; }

 private:
  void append_segment(std::string_view text, std::vector<TokenId>& ids) const;
  void append_merged(const std::string& text, std::vector<TokenId>& ids) const;

  std::unordered_map<std::string, TokenId> ids_;
  MergeTable merges_;
  std::array<TokenId, 256> byte_ids_;
  PrefixIndex added_;             // tokens that are matched in the text as it is
  PrefixIndex added_normalized_;  // tokens that are matched after spaces are U+2581
  TokenId end_id_ = 0;
  TokenId max_id_ = 0;
};

}  // namespace clipseek::text

// CLIP's tokenizer: cleaning, lower-casing and byte-level byte-pair encoding.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "text/tokenizer.h"
#include "text/vocabulary.h"

namespace clipseek::text {

class BpeTokenizer : public Tokenizer {
 public:
  // Throws Error kCorrupt naming `name` where a merge or special token is not in the vocabulary, a token or id is
  // doubled, an id is negative, or a byte has no token, inside a word ("a") or at its end ("a</w>").
  BpeTokenizer(const BpeVocabulary& vocabulary, std::string_view name);
  ~BpeTokenizer() override;
  BpeTokenizer(BpeTokenizer&&) noexcept;

  // A special token spelled out at the beginning of a word becomes its id, as in openai/CLIP. Time is linear in the
  // text but for a word's merges and for runs of combining marks (n log n).
  std::vector<TokenId> encode(std::string_view text, std::size_t max_tokens) const override;

  TokenId end_id() const override;
  TokenId max_id() const override;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace clipseek::text

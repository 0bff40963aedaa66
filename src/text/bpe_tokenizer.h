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
  // Throws Error kCorrupt naming `name` where a merge or special token is not in the vocabulary, a token or id occurs
  // twice, an id is negative, or a byte has no token for inside a word ("a") or for the end of a word ("a</w>").
  BpeTokenizer(const BpeVocabulary& vocabulary, std::string_view name);
  ~BpeTokenizer() override;
  BpeTokenizer(BpeTokenizer&&) noexcept;

  // A special token that the text contains at the beginning of a word becomes its id, as in openai/CLIP. Takes time
  // linear in the length of the text, except for the merges of a word and for runs of combining marks (n log n).
  std::vector<TokenId> encode(std::string_view text, std::size_t max_tokens) const override;

  TokenId end_id() const override;
  TokenId max_id() const override;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace clipseek::text

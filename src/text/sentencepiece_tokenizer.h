// SentencePiece's tokenizer: splits a text, spaces included, into the pieces of a unigram or BPE vocabulary.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/character_map.h"
#include "text/pair_merger.h"
#include "text/piece_model.h"
#include "text/prefix_index.h"
#include "text/tokenizer.h"

namespace clipseek::text {

class SentencePieceTokenizer : public Tokenizer {
 public:
  // `clean` is applied to each text first and must return UTF-8. Throws Error kCorrupt naming `name`.
  using Clean = std::string (*)(std::string_view);
  SentencePieceTokenizer(PieceModel model, Clean clean, std::string_view name);
  SentencePieceTokenizer(const SentencePieceTokenizer&) = delete;

  // Returns the pieces and the end token, no start token. A control token written out in the text is encoded like other
  // text.
  std::vector<TokenId> encode(std::string_view text, std::size_t max_tokens) const override;

  TokenId end_id() const override { return model_.end_id; }
  TokenId max_id() const override { return static_cast<TokenId>(model_.pieces.size()) - 1; }

 private:
  std::string normalized(std::string_view text) const;
  std::size_t append_normalized(std::string_view rest, bool after_space, std::string& out) const;
  std::vector<TextSymbol> cut_unigram(std::string_view text) const;
  std::vector<TextSymbol> cut_bpe(std::string_view text) const;
  void append_ids(std::string_view text, const std::vector<TextSymbol>& symbols, std::vector<TokenId>& ids) const;
  void index_pieces();

  PieceModel model_;
  Clean clean_;
  CharacterMap characters_;
  PrefixIndex user_defined_;
  PrefixIndex pieces_;                                 // unigram: the pieces that occur in text
  std::unordered_map<std::string_view, TokenId> ids_;  // BPE: the same
  std::vector<std::uint32_t> ranks_;                   // BPE: the rank of each piece by its score
  float lowest_score_ = 0, highest_score_ = 0;         // of the normal pieces
};

}  // namespace clipseek::text

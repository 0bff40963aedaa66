// BERT's tokenizer, which Chinese-CLIP uses: words and Chinese characters, split into the longest known pieces.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/tokenizer.h"

namespace clipseek::text {

// Splits a text into BERT's words: removes control characters, makes each Chinese character and each punctuation mark a
// word of its own, converts to lower case and removes accents (Devlin et al. 2018, "BasicTokenizer" of the published
// code).
std::vector<std::u32string> split_bert_words(std::string_view text);

class WordPieceTokenizer : public Tokenizer {
 public:
  // `vocab_txt` is the text of a vocab.txt: one token a line, whose id is the number of lines before it; "##" begins
  // the tokens that continue a word. Throws Error kCorrupt naming `name` where [CLS], [SEP] or [UNK] is missing, a
  // token occurs twice, or there are too many lines.
  WordPieceTokenizer(std::string_view vocab_txt, std::string_view name);
  WordPieceTokenizer(const WordPieceTokenizer&) = delete;

  // Returns [CLS], the pieces and [SEP]. A word that cannot be composed of pieces, or has more than 200 characters,
  // becomes [UNK]. A special token written out in the text is encoded like other text, as in Chinese-CLIP's code.
  std::vector<TokenId> encode(std::string_view text, std::size_t max_tokens) const override;

  TokenId end_id() const override { return separator_id_; }
  TokenId max_id() const override { return static_cast<TokenId>(ids_.size()) - 1; }

 private:
  void append_pieces(std::u32string_view word, std::vector<TokenId>& ids) const;
  TokenId special(const char* token, std::string_view name) const;

  std::string vocabulary_;  // the keys of ids_ point into it
  std::unordered_map<std::string_view, TokenId> ids_;
  std::size_t longest_ = 0;  // bytes of the longest token
  TokenId class_id_ = 0, separator_id_ = 0, unknown_id_ = 0;
};

}  // namespace clipseek::text

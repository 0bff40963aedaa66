#include "text/bpe_tokenizer.h"

#include <string>

#include "clipseek/error.h"
#include "text/bpe.h"
#include "text/clean.h"
#include "text/split.h"
#include "text/unicode.h"

namespace clipseek::text {
namespace {

// A text is converted to lower case before it is split, so the special tokens are compared in lower case.
std::u32string special_spelling(std::string_view token, std::string_view name) {
  if (token.empty()) throw Error(ErrorCode::kCorrupt, std::string(name) + ": a special token is empty");
  return to_lower(decode_utf8(token));
}

}  // namespace

struct BpeTokenizer::Impl {
  BpeEncoder bpe;
  std::u32string start_spelling;
  std::u32string end_spelling;

  void append_ids(std::u32string_view word, std::vector<TokenId>& ids) const {
    if (word == start_spelling) {
      ids.push_back(bpe.start_id());
    } else if (word == end_spelling) {
      ids.push_back(bpe.end_id());
    } else {
      std::string bytes;
      for (char32_t c : word) append_utf8(c, bytes);
      bpe.encode_word(bytes, ids);
    }
  }
};

BpeTokenizer::BpeTokenizer(const BpeVocabulary& vocabulary, std::string_view name)
    : impl_(new Impl{BpeEncoder(vocabulary, name), special_spelling(vocabulary.start_token, name),
                     special_spelling(vocabulary.end_token, name)}) {}
BpeTokenizer::~BpeTokenizer() = default;
BpeTokenizer::BpeTokenizer(BpeTokenizer&&) noexcept = default;

std::vector<TokenId> BpeTokenizer::encode(std::string_view text, std::size_t max_tokens) const {
  check_encode_arguments(text, max_tokens, 2);
  const std::u32string cleaned = clean_text(text);
  WordSplitter words(cleaned, impl_->start_spelling, impl_->end_spelling);
  std::vector<TokenId> ids = {impl_->bpe.start_id()};
  while (ids.size() < max_tokens) {
    const std::u32string_view word = words.next();
    if (word.empty()) break;
    impl_->append_ids(word, ids);
  }
  if (ids.size() > max_tokens - 1) ids.resize(max_tokens - 1);
  ids.push_back(impl_->bpe.end_id());
  return ids;
}

TokenId BpeTokenizer::end_id() const {
  return impl_->bpe.end_id();
}
TokenId BpeTokenizer::max_id() const {
  return impl_->bpe.max_id();
}

}  // namespace clipseek::text

#include "text/gemma_tokenizer.h"

#include <algorithm>

#include "clipseek/error.h"
#include "text/gemma_json.h"
#include "text/piece_model.h"
#include "text/siglip_clean.h"

namespace clipseek::text {
namespace {

std::string spell_spaces(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == ' ') {
      out += kPieceSpace;
    } else {
      out += c;
    }
  }
  return out;
}

// Splits `text` at the tokens of `index`, the longest one at each position: calls token(id) for each token and
// part(text) for each text between tokens, in order.
template <typename Part, typename Token>
void split_at(const PrefixIndex& index, std::string_view text, Part part, Token token) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto [length, id] = index.longest(text.substr(at));
    if (length == 0) {
      ++at;
      continue;
    }
    if (at > begin) part(text.substr(begin, at - begin));
    token(id);
    begin = at = at + length;
  }
  if (begin < text.size()) part(text.substr(begin));
}

}  // namespace

GemmaTokenizer::GemmaTokenizer(std::string_view json, std::string_view name) : merges_(0) {
  GemmaVocabulary vocabulary = parse_gemma_json(json, name);
  const auto corrupt = [&](const std::string& what) {
    throw Error(ErrorCode::kCorrupt, std::string(name) + ": " + what);
  };
  for (auto& [token, id] : vocabulary.tokens) {
    max_id_ = std::max(max_id_, id);
    if (!ids_.emplace(std::move(token), id).second)
      corrupt("the token of id " + std::to_string(id) + " is in the vocabulary twice");
  }
  const auto id_of = [&](const std::string& token, const std::string& where) {
    const auto found = ids_.find(token);
    if (found == ids_.end()) corrupt(where + "\"" + token.substr(0, 100) + "\" is not in the vocabulary");
    return found->second;
  };
  merges_ = MergeTable(vocabulary.merges.size());
  std::uint32_t rank = 0;
  for (const auto& [left, right] : vocabulary.merges) {
    const std::string where = "merge " + std::to_string(rank + 1) + ": ";
    const TokenId left_id = id_of(left, where), right_id = id_of(right, where);
    merges_.set(left_id, right_id, {rank, id_of(left + right, where)});
    ++rank;
  }
  for (unsigned byte = 0; byte < 256; ++byte) byte_ids_[byte] = id_of(byte_piece(static_cast<unsigned char>(byte)), "");
  end_id_ = id_of("<eos>", "");
  added_ = PrefixIndex(std::move(vocabulary.added));
  added_normalized_ = PrefixIndex(std::move(vocabulary.added_normalized));
}

void GemmaTokenizer::append_merged(const std::string& text, std::vector<TokenId>& ids) const {
  std::vector<TextSymbol> symbols;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t size = character_length(std::string_view(text).substr(begin));
    const auto found = ids_.find(text.substr(begin, size));
    if (found != ids_.end()) {
      symbols.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(size), found->second, false});
    } else {
      for (std::size_t i = 0; i < size; ++i) {
        symbols.push_back(
            {static_cast<std::uint32_t>(begin + i), 1, byte_ids_[static_cast<unsigned char>(text[begin + i])], false});
      }
    }
    begin += size;
  }
  symbols = merge_pairs(std::move(symbols), [&](const TextSymbol& left, const TextSymbol& right) {
    const MergeTable::Merge* merge = merges_.find(left.id, right.id);
    return merge == nullptr ? std::nullopt : std::optional<PairMerge>({merge->rank, merge->merged});
  });
  for (const TextSymbol& symbol : symbols) ids.push_back(symbol.id);
}

void GemmaTokenizer::append_segment(std::string_view text, std::vector<TokenId>& ids) const {
  split_at(
      added_normalized_, spell_spaces(text), [&](std::string_view part) { append_merged(std::string(part), ids); },
      [&](TokenId id) { ids.push_back(id); });
}

std::vector<TokenId> GemmaTokenizer::encode(std::string_view text, std::size_t max_tokens) const {
  check_encode_arguments(text, max_tokens, 1);
  std::vector<TokenId> ids;
  split_at(
      added_, clean_siglip2_text(text), [&](std::string_view part) { append_segment(part, ids); },
      [&](TokenId id) { ids.push_back(id); });
  ids.resize(std::min(ids.size(), max_tokens - 1));
  ids.push_back(end_id_);
  return ids;
}

}  // namespace clipseek::text

#include "text/sentencepiece_tokenizer.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>

#include "clipseek/error.h"

namespace clipseek::text {
namespace {

constexpr std::size_t kMaxNormalized = 4 * kMaxTextBytes;
constexpr float kUnknownPenalty = 10;  // below the lowest score

// Appends `text` with its spaces replaced by U+2581.
void append_spelled(std::string_view text, std::string& out) {
  for (char c : text) {
    if (c == ' ') {
      out += kPieceSpace;
    } else {
      out += c;
    }
  }
}

std::vector<std::uint32_t> ranks_by_score(const std::vector<Piece>& pieces) {
  std::vector<float> scores;
  for (const Piece& piece : pieces) scores.push_back(piece.score);
  std::ranges::sort(scores, std::greater<>());
  scores.erase(std::unique(scores.begin(), scores.end()), scores.end());
  std::vector<std::uint32_t> ranks;
  for (const Piece& piece : pieces) {
    const auto at = std::ranges::lower_bound(scores, piece.score, std::greater<>());
    ranks.push_back(static_cast<std::uint32_t>(at - scores.begin()));
  }
  return ranks;
}

}  // namespace

SentencePieceTokenizer::SentencePieceTokenizer(PieceModel model, Clean clean, std::string_view name)
    : model_(std::move(model)), clean_(clean), characters_(model_.character_map, name) {
  index_pieces();
}

void SentencePieceTokenizer::index_pieces() {
  const bool bpe = model_.algorithm == PieceModel::Algorithm::kBpe;
  std::vector<PrefixIndex::Entry> text_pieces, user_defined;
  lowest_score_ = std::numeric_limits<float>::max();
  highest_score_ = std::numeric_limits<float>::min();  // SentencePiece starts here too: its scores are negative
  for (std::size_t i = 0; i < model_.pieces.size(); ++i) {
    const Piece& piece = model_.pieces[i];
    const auto id = static_cast<TokenId>(i);
    if (piece.type == PieceType::kNormal) {
      lowest_score_ = std::min(lowest_score_, piece.score);
      highest_score_ = std::max(highest_score_, piece.score);
    } else if (piece.type == PieceType::kUserDefined) {
      user_defined.emplace_back(piece.text, id);
    } else {
      continue;
    }
    if (bpe) {
      ids_.emplace(piece.text, id);
    } else {
      text_pieces.emplace_back(piece.text, id);
    }
  }
  user_defined_ = PrefixIndex(std::move(user_defined));
  pieces_ = PrefixIndex(std::move(text_pieces));
  if (bpe) ranks_ = ranks_by_score(model_.pieces);
}

// Appends the normalised form of what `rest` begins with: a user-defined piece, the longest entry of the map, or one
// character. Returns its length in `rest`.
std::size_t SentencePieceTokenizer::append_normalized(std::string_view rest, bool after_space, std::string& out) const {
  std::size_t length = user_defined_.longest(rest).first;
  std::string_view becomes = rest.substr(0, length);
  if (length == 0) {
    if (const auto match = characters_.find(rest)) {
      length = match->length;
      becomes = match->replacement;
    } else {
      length = character_length(rest);
      becomes = rest.substr(0, length);
    }
  }
  while (after_space && becomes.starts_with(' ')) becomes.remove_prefix(1);
  if (out.size() > kMaxNormalized) {
    throw Error(ErrorCode::kLimitExceeded,
                "a text becomes longer than " + std::to_string(kMaxNormalized) + " bytes when it is normalised");
  }
  append_spelled(becomes, out);
  return length;
}

std::string SentencePieceTokenizer::normalized(std::string_view text) const {
  std::string out;
  if (text.empty()) return out;
  if (model_.add_leading_space) out = kPieceSpace;
  bool after_space = model_.remove_extra_spaces;
  while (!text.empty()) {
    const std::size_t before = out.size();
    text.remove_prefix(append_normalized(text, after_space, out));
    if (model_.remove_extra_spaces && out.size() > before) after_space = out.ends_with(kPieceSpace);
  }
  while (model_.remove_extra_spaces && out.ends_with(kPieceSpace)) out.resize(out.size() - kPieceSpace.size());
  return out;
}

// Returns the segmentation whose pieces have the highest sum of scores (Kudo 2018). A character without a piece is the
// unknown piece, with a penalty.
std::vector<TextSymbol> SentencePieceTokenizer::cut_unigram(std::string_view text) const {
  struct Best {
    float score = 0;
    std::uint32_t begin = 0;
    TokenId id = 0;
    bool reached = false;
  };
  std::vector<Best> ends(text.size() + 1);
  const auto offer = [&](std::size_t begin, std::size_t size, double score, TokenId id) {
    Best& end = ends[begin + size];
    const double sum = score + static_cast<double>(ends[begin].score);
    if (end.reached && sum <= static_cast<double>(end.score)) return;
    end = {static_cast<float>(sum), static_cast<std::uint32_t>(begin), id, true};
  };
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t character = character_length(text.substr(begin));
    bool whole_character = false;
    pieces_.for_each(text.substr(begin), [&](std::size_t size, TokenId id) {
      const Piece& piece = model_.pieces[static_cast<std::size_t>(id)];
      const bool user_defined = piece.type == PieceType::kUserDefined;
      const double bonus = static_cast<double>(static_cast<float>(size) * highest_score_) - 0.1;
      offer(begin, size, user_defined ? bonus : static_cast<double>(piece.score), id);
      whole_character = whole_character || size == character;
    });
    if (!whole_character) {
      offer(begin, character, static_cast<double>(lowest_score_ - kUnknownPenalty), model_.unknown_id);
    }
    begin += character;
  }
  std::vector<TextSymbol> symbols;
  for (auto end = static_cast<std::uint32_t>(text.size()); end > 0; end = ends[end].begin) {
    symbols.push_back({ends[end].begin, end - ends[end].begin, ends[end].id, false});
  }
  std::ranges::reverse(symbols);
  return symbols;
}

std::vector<TextSymbol> SentencePieceTokenizer::cut_bpe(std::string_view text) const {
  const auto id_of = [&](std::size_t begin, std::size_t size) {
    const auto found = ids_.find(text.substr(begin, size));
    return found == ids_.end() ? TokenId{-1} : found->second;
  };
  std::vector<TextSymbol> symbols;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t whole = user_defined_.longest(text.substr(begin)).first;
    const std::size_t size = whole > 0 ? whole : character_length(text.substr(begin));
    symbols.push_back(
        {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(size), id_of(begin, size), whole > 0});
    begin += size;
  }
  symbols = merge_pairs(std::move(symbols), [&](const TextSymbol& left, const TextSymbol& right) {
    const TokenId id = id_of(left.begin, left.size + right.size);
    return id < 0 ? std::nullopt : std::optional<PairMerge>({ranks_[static_cast<std::size_t>(id)], id});
  });
  for (TextSymbol& symbol : symbols) symbol.id = symbol.id < 0 ? model_.unknown_id : symbol.id;
  return symbols;
}

// Unknown symbols become the pieces of their bytes; without byte pieces a run of them becomes one unknown token.
void SentencePieceTokenizer::append_ids(std::string_view text, const std::vector<TextSymbol>& symbols,
                                        std::vector<TokenId>& ids) const {
  bool after_unknown = false;
  for (const TextSymbol& symbol : symbols) {
    const bool unknown = symbol.id == model_.unknown_id;
    if (unknown && model_.byte_fallback) {
      for (char byte : text.substr(symbol.begin, symbol.size)) {
        ids.push_back(model_.byte_ids[static_cast<unsigned char>(byte)]);
      }
    } else if (!unknown || !after_unknown) {
      ids.push_back(symbol.id);
    }
    after_unknown = unknown;
  }
}

std::vector<TokenId> SentencePieceTokenizer::encode(std::string_view text, std::size_t max_tokens) const {
  check_encode_arguments(text, max_tokens, 1);
  const std::string spelled = normalized(clean_(text));
  std::vector<TokenId> ids;
  append_ids(spelled, model_.algorithm == PieceModel::Algorithm::kBpe ? cut_bpe(spelled) : cut_unigram(spelled), ids);
  ids.resize(std::min(ids.size(), max_tokens - 1));
  ids.push_back(model_.end_id);
  return ids;
}

}  // namespace clipseek::text

#include "text/bpe.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <queue>
#include <unordered_map>

#include "clipseek/error.h"
#include "text/unicode.h"

namespace clipseek::text {
namespace {

constexpr std::uint64_t kNoKey = ~std::uint64_t{0};  // no pair has it, because ids are not negative
constexpr std::uint32_t kNone = ~std::uint32_t{0};
constexpr TokenId kMerged = -1;
constexpr std::uint64_t kGoldenRatio = 0x9E3779B97F4A7C15;  // 2^64 / phi, for Fibonacci hashing
constexpr std::string_view kEndOfWord = "</w>";
constexpr std::size_t kMaxQuoted = 100;  // bytes of a token that a message quotes

std::uint64_t pair_key(TokenId left, TokenId right) {
  return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint32_t>(right);
}

using TokenIndex = std::unordered_map<std::string_view, TokenId>;

std::string in_quotes(std::string_view token) {
  if (token.size() > kMaxQuoted) return "a token of " + std::to_string(token.size()) + " bytes";
  return std::string("\"").append(token).append("\"");
}

[[noreturn]] void corrupt(std::string_view name, const std::string& what) {
  throw Error(ErrorCode::kCorrupt, std::string(name) + ": " + what);
}

void check_ids_differ(const BpeVocabulary& vocabulary, std::string_view name) {
  std::vector<TokenId> ids;
  ids.reserve(vocabulary.tokens.size());
  for (const auto& [token, id] : vocabulary.tokens) ids.push_back(id);
  if (!std::ranges::is_sorted(ids)) std::ranges::sort(ids);
  if (!ids.empty() && ids.front() < 0) corrupt(name, "token id " + std::to_string(ids.front()) + " is negative");
  const auto duplicate = std::ranges::adjacent_find(ids);
  if (duplicate != ids.end()) corrupt(name, "two tokens have the id " + std::to_string(*duplicate));
}

TokenIndex index_tokens(const BpeVocabulary& vocabulary, std::string_view name) {
  check_ids_differ(vocabulary, name);
  TokenIndex index;
  index.reserve(vocabulary.tokens.size());
  for (const auto& [token, id] : vocabulary.tokens) {
    if (!index.emplace(token, id).second) corrupt(name, in_quotes(token) + " is in the vocabulary twice");
  }
  return index;
}

// `merge` is the number, from 1 on, of the merge that contains the token; 0 where the token is not from a merge.
TokenId id_of(std::string_view token, const TokenIndex& index, std::string_view name, std::size_t merge = 0) {
  const auto found = index.find(token);
  if (found != index.end()) return found->second;
  corrupt(name,
          (merge > 0 ? "merge " + std::to_string(merge) + ": " : "") + in_quotes(token) + " is not in the vocabulary");
}

// The symbols of a word while they are merged: a linked list in an array with an element for each byte. A symbol stays
// at the position of its first byte.
class Word {
 public:
  struct Symbol {
    TokenId id;  // kMerged once it is part of an earlier symbol
    std::uint32_t previous;
    std::uint32_t next;
  };

  explicit Word(std::size_t size) { symbols_.reserve(size); }
  void append(TokenId id) {
    const auto at = static_cast<std::uint32_t>(symbols_.size());
    if (at > 0) symbols_.back().next = at;
    symbols_.push_back({id, at > 0 ? at - 1 : kNone, kNone});
  }

  const Symbol& operator[](std::uint32_t at) const { return symbols_[at]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(symbols_.size()); }

  void merge_with_next(std::uint32_t at, TokenId merged) {
    Symbol& left = symbols_[at];
    Symbol& right = symbols_[left.next];
    left.id = merged;
    right.id = kMerged;
    left.next = right.next;
    if (left.next != kNone) symbols_[left.next].previous = at;
  }

  void append_ids_to(std::vector<TokenId>& ids) const {
    for (std::uint32_t at = 0; at != kNone; at = symbols_[at].next) ids.push_back(symbols_[at].id);
  }

 private:
  std::vector<Symbol> symbols_;
};

// Merges the symbols of one word. The queue holds the rank and position of every pair that can be merged, ordered by
// rank and then by position; an entry whose pair has changed since is skipped.
class WordMerger {
 public:
  WordMerger(Word& word, const MergeTable& merges) : word_(word), merges_(merges) {}

  void run() {
    for (std::uint32_t at = 0; at < word_.size(); ++at) add_candidate(at);
    std::make_heap(queue_.begin(), queue_.end(), std::greater<>());
    heaped_ = true;
    while (!queue_.empty()) merge_all_of_best_rank();
  }

 private:
  const MergeTable::Merge* merge_at(std::uint32_t at) const {
    if (at == kNone || word_[at].id == kMerged || word_[at].next == kNone) return nullptr;
    return merges_.find(word_[at].id, word_[word_[at].next].id);
  }

  void add_candidate(std::uint32_t at) {
    const MergeTable::Merge* merge = merge_at(at);
    if (merge == nullptr) return;
    queue_.push_back(std::uint64_t{merge->rank} << 32 | at);
    if (heaped_) std::push_heap(queue_.begin(), queue_.end(), std::greater<>());
  }

  // New pairs are queued only after all pairs of this rank are merged, because a new pair may have a better rank.
  void merge_all_of_best_rank() {
    const std::uint64_t rank = queue_.front() >> 32;
    changed_.clear();
    while (!queue_.empty() && queue_.front() >> 32 == rank) {
      const auto at = static_cast<std::uint32_t>(queue_.front());
      std::pop_heap(queue_.begin(), queue_.end(), std::greater<>());
      queue_.pop_back();
      const MergeTable::Merge* merge = merge_at(at);
      if (merge == nullptr || merge->rank != rank) continue;
      word_.merge_with_next(at, merge->merged);
      changed_.push_back(at);
    }
    for (std::uint32_t at : changed_) {
      add_candidate(word_[at].previous);
      add_candidate(at);
    }
  }

  Word& word_;
  const MergeTable& merges_;
  std::vector<std::uint64_t> queue_;
  std::vector<std::uint32_t> changed_;
  bool heaped_ = false;
};

}  // namespace

char32_t byte_spelling(unsigned char byte) {
  const auto printable = [](unsigned b) { return (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b != 0xAD); };
  if (printable(byte)) return byte;
  char32_t spelling = 0x100;
  for (unsigned b = 0; b < byte; ++b) spelling += printable(b) ? 0 : 1;
  return spelling;
}

// The table is at most half full, which keeps probe sequences short.
MergeTable::MergeTable(std::size_t capacity) : slots_(std::bit_ceil(2 * capacity + 2), Slot{kNoKey, {}}) {}

std::size_t MergeTable::slot_of(std::uint64_t key) const {
  std::size_t slot = (key * kGoldenRatio) >> (64 - std::countr_zero(slots_.size()));
  while (slots_[slot].key != key && slots_[slot].key != kNoKey) slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

void MergeTable::set(TokenId left, TokenId right, Merge merge) {
  const std::uint64_t key = pair_key(left, right);
  slots_[slot_of(key)] = {key, merge};
}

const MergeTable::Merge* MergeTable::find(TokenId left, TokenId right) const {
  const Slot& slot = slots_[slot_of(pair_key(left, right))];
  return slot.key == kNoKey ? nullptr : &slot.merge;
}

BpeEncoder::BpeEncoder(const BpeVocabulary& vocabulary, std::string_view name) : merges_(vocabulary.merges.size()) {
  const TokenIndex index = index_tokens(vocabulary, name);
  start_id_ = id_of(vocabulary.start_token, index, name);
  end_id_ = id_of(vocabulary.end_token, index, name);
  max_id_ = std::max(start_id_, end_id_);
  for (unsigned byte = 0; byte < 256; ++byte) {
    std::string spelling;
    append_utf8(byte_spelling(static_cast<unsigned char>(byte)), spelling);
    byte_ids_[byte] = id_of(spelling, index, name);
    last_byte_ids_[byte] = id_of(spelling.append(kEndOfWord), index, name);
    max_id_ = std::max({max_id_, byte_ids_[byte], last_byte_ids_[byte]});
  }
  std::uint32_t rank = 0;
  for (const auto& [left, right] : vocabulary.merges) {
    const std::size_t number = rank + 1;
    const TokenId merged = id_of(left + right, index, name, number);
    merges_.set(id_of(left, index, name, number), id_of(right, index, name, number), {rank++, merged});
    max_id_ = std::max(max_id_, merged);
  }
}

void BpeEncoder::encode_word(std::string_view bytes, std::vector<TokenId>& ids) const {
  Word word(bytes.size());
  for (char byte : bytes.substr(0, bytes.size() - 1)) word.append(byte_ids_[static_cast<unsigned char>(byte)]);
  word.append(last_byte_ids_[static_cast<unsigned char>(bytes.back())]);
  WordMerger(word, merges_).run();
  word.append_ids_to(ids);
}

}  // namespace clipseek::text

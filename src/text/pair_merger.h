// Byte-pair encoding of a whole text, pair by pair, as SentencePiece and Hugging Face's tokenizers apply it to texts
// that are not split into words first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "text/tokenizer.h"

namespace clipseek::text {

// A part of a text. The parts of a text are adjacent and in order.
struct TextSymbol {
  std::uint32_t begin = 0, size = 0;
  TokenId id = -1;      // -1: not a token
  bool frozen = false;  // never merged
};

struct PairMerge {
  std::uint32_t rank;  // lower is better
  TokenId merged;
};

// Repeatedly merges the pair of best rank, the leftmost of equals. `find(left, right)` returns an optional PairMerge,
// std::nullopt for symbols that do not merge. Takes O(n log n) time.
template <typename Find>
class PairMerger {
 public:
  PairMerger(std::vector<TextSymbol> symbols, Find find) : find_(find) {
    links_.reserve(symbols.size());
    for (std::size_t at = 0; at < symbols.size(); ++at) {
      links_.push_back({symbols[at], at == 0 ? kNone : static_cast<std::uint32_t>(at - 1),
                        at + 1 == symbols.size() ? kNone : static_cast<std::uint32_t>(at + 1)});
    }
  }

  std::vector<TextSymbol> run() {
    for (std::uint32_t at = 0; at < links_.size(); ++at) add_candidate(at);
    while (!queue_.empty()) {
      std::ranges::pop_heap(queue_, std::greater<>());
      const Candidate best = queue_.back();
      queue_.pop_back();
      if (is_current(best)) merge(best);
    }
    std::vector<TextSymbol> merged;
    for (std::uint32_t at = links_.empty() ? kNone : 0; at != kNone; at = links_[at].next) {
      merged.push_back(links_[at].symbol);
    }
    return merged;
  }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  struct Link {
    TextSymbol symbol;  // of size 0 once it is part of an earlier symbol
    std::uint32_t previous, next;
  };
  struct Candidate {
    std::uint32_t rank, at, size;
    TokenId merged;
    auto operator<=>(const Candidate&) const = default;
  };

  void add_candidate(std::uint32_t at) {
    if (at == kNone || links_[at].next == kNone) return;
    const TextSymbol& left = links_[at].symbol;
    const TextSymbol& right = links_[links_[at].next].symbol;
    if (left.frozen || right.frozen) return;
    if (const std::optional<PairMerge> found = find_(left, right)) {
      queue_.push_back({found->rank, at, left.size + right.size, found->merged});
      std::ranges::push_heap(queue_, std::greater<>());
    }
  }

  // A pair with the same position and size has the same text.
  bool is_current(const Candidate& candidate) const {
    const Link& left = links_[candidate.at];
    return left.symbol.size > 0 && left.next != kNone &&
           left.symbol.size + links_[left.next].symbol.size == candidate.size;
  }

  void merge(const Candidate& candidate) {
    Link& left = links_[candidate.at];
    Link& right = links_[left.next];
    left.symbol.size = candidate.size;
    left.symbol.id = candidate.merged;
    right.symbol.size = 0;
    left.next = right.next;
    if (left.next != kNone) links_[left.next].previous = candidate.at;
    add_candidate(left.previous);
    add_candidate(candidate.at);
  }

  Find find_;
  std::vector<Link> links_;
  std::vector<Candidate> queue_;
};

template <typename Find>
std::vector<TextSymbol> merge_pairs(std::vector<TextSymbol> symbols, Find find) {
  return PairMerger<Find>(std::move(symbols), find).run();
}

// Returns the length in bytes of the first character of `text`, which must not be empty: the length that its first
// byte states, but at most the whole text.
inline std::size_t character_length(std::string_view text) {
  constexpr std::string_view kLengths("\1\1\1\1\1\1\1\1\1\1\1\1\2\2\3\4", 16);  // by the upper four bits
  return std::min<std::size_t>(static_cast<unsigned char>(kLengths[static_cast<unsigned char>(text[0]) >> 4]),
                               text.size());
}

}  // namespace clipseek::text

// Which of many strings a text begins with.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/tokenizer.h"

namespace clipseek::text {

// A sorted list that each further byte of the text narrows down. Immutable once made.
class PrefixIndex {
 public:
  using Entry = std::pair<std::string, TokenId>;

  PrefixIndex() = default;
  explicit PrefixIndex(std::vector<Entry> entries) : entries_(std::move(entries)) { std::ranges::sort(entries_); }

  // Calls found(length, id) for each entry that `text` begins with, shortest first.
  template <typename Found>
  void for_each(std::string_view text, Found found) const {
    auto low = entries_.begin();
    auto high = entries_.end();
    for (std::size_t depth = 0; depth < text.size() && low != high; ++depth) {
      const auto byte = static_cast<unsigned char>(text[depth]);
      const auto byte_of = [depth](const Entry& entry) { return static_cast<unsigned char>(entry.first[depth]); };
      low = std::partition_point(low, high, [&](const Entry& entry) { return byte_of(entry) < byte; });
      high = std::partition_point(low, high, [&](const Entry& entry) { return byte_of(entry) == byte; });
      // All from here on are longer than `depth`: what ends here stands first.
      for (; low != high && low->first.size() == depth + 1; ++low) found(depth + 1, low->second);
    }
  }

  // The length of the longest entry that `text` begins with, and its id; 0 when there is none.
  std::pair<std::size_t, TokenId> longest(std::string_view text) const {
    std::pair<std::size_t, TokenId> best = {0, 0};
    for_each(text, [&](std::size_t length, TokenId id) { best = {length, id}; });
    return best;
  }

 private:
  std::vector<Entry> entries_;  // none is empty
};

}  // namespace clipseek::text

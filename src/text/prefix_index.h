// An index of strings that finds those that are prefixes of a text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/tokenizer.h"

namespace clipseek::text {

// A sorted list; each further byte of the text narrows the range of matching entries. Immutable after construction.
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
      // All entries in the range are longer than `depth`; those of length depth + 1 come first.
      for (; low != high && low->first.size() == depth + 1; ++low) found(depth + 1, low->second);
    }
  }

  // Returns the length and the id of the longest entry that `text` begins with; a length of 0 if no entry matches.
  std::pair<std::size_t, TokenId> longest(std::string_view text) const {
    std::pair<std::size_t, TokenId> best = {0, 0};
    for_each(text, [&](std::size_t length, TokenId id) { best = {length, id}; });
    return best;
  }

 private:
  std::vector<Entry> entries_;  // no entry is empty
};

}  // namespace clipseek::text

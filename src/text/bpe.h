// Byte-pair encoding of single words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/vocabulary.h"

namespace clipseek::text {

// Returns the character that stands for a byte in a vocabulary: the byte's own where that is a printable character of
// Latin-1, else one of the code points from U+0100 on, in the order of the bytes (GPT-2's byte-to-unicode table).
char32_t byte_spelling(unsigned char byte);

// The merges of a vocabulary by the ids of their two parts: a hash table with linear probing.
class MergeTable {
 public:
  struct Merge {
    std::uint32_t rank;  // lower is better
    TokenId merged;
  };

  explicit MergeTable(std::size_t capacity);
  void set(TokenId left, TokenId right, Merge merge);  // at most `capacity` pairs
  const Merge* find(TokenId left, TokenId right) const;

 private:
  struct Slot {
    std::uint64_t key;
    Merge merge;
  };
  std::size_t slot_of(std::uint64_t key) const;

  std::vector<Slot> slots_;
};

// Immutable after construction: any thread may call encode_word.
class BpeEncoder {
 public:
  // Throws Error kCorrupt where BpeTokenizer's constructor does.
  BpeEncoder(const BpeVocabulary& vocabulary, std::string_view name);

  // Appends the ids of `word`, which must not be empty. The result is that of repeatedly merging all occurrences of the
  // best pair in the word from left to right. Takes O(n log n) time for n bytes; n must be below 2^31.
  void encode_word(std::string_view word, std::vector<TokenId>& ids) const;

  TokenId start_id() const { return start_id_; }
  TokenId end_id() const { return end_id_; }
  TokenId max_id() const { return max_id_; }  // the largest id of a word, the start or the end

 private:
  MergeTable merges_;
  std::array<TokenId, 256> byte_ids_;       // of a byte inside a word
  std::array<TokenId, 256> last_byte_ids_;  // of the byte that ends a word
  TokenId start_id_ = 0;
  TokenId end_id_ = 0;
  TokenId max_id_ = 0;
};

}  // namespace clipseek::text

// The replacements of characters that a SentencePiece model carries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clipseek::text {

// A `precompiled_charsmap`: the size of a trie (uint32, little endian), the trie (a double array of uint32, in the
// layout of darts-clone), then the replacements, each ended by a zero byte. Immutable once made.
class CharacterMap {
 public:
  // `bytes` may be empty: nothing is replaced. Throws Error kCorrupt naming `name`.
  CharacterMap(std::string_view bytes, std::string_view name);

  struct Match {
    std::size_t length;            // bytes of the text
    std::string_view replacement;  // lives as long as the map
  };
  // The longest entry that `text` begins with. Throws Error kCorrupt where the map points outside of itself.
  std::optional<Match> find(std::string_view text) const;

 private:
  std::uint32_t unit(std::size_t at) const;
  std::string_view replacement(std::size_t at) const;
  [[noreturn]] void corrupt() const;

  std::string name_;
  std::vector<std::uint32_t> trie_;
  std::string replacements_;
};

}  // namespace clipseek::text

// The character replacements of a SentencePiece model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clipseek::text {

// A `precompiled_charsmap`: the size of a trie (uint32, little endian), the trie (a double array of uint32, in the
// layout of darts-clone), then the replacements, each ended by a zero byte. Immutable after construction.
class CharacterMap {
 public:
  // An empty `bytes` replaces nothing. Throws Error kCorrupt naming `name` for a damaged table.
  CharacterMap(std::string_view bytes, std::string_view name);

  struct Match {
    std::size_t length;            // bytes of the text
    std::string_view replacement;  // lives as long as the map
  };
  // Returns the longest entry that `text` begins with. Throws Error kCorrupt where the map points outside itself.
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

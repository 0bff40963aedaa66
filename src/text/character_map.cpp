#include "text/character_map.h"

#include <algorithm>

#include "clipseek/error.h"

namespace clipseek::text {
namespace {

constexpr std::size_t kMaxReplacement = 256;  // bytes; Unicode's longest compatibility decomposition has 33
constexpr std::size_t kMaxKey = 128;          // bytes; bounds the time of a lookup in a damaged table

// The parts of a unit of the double array (darts-clone, darts.h, DoubleArrayUnit).
bool has_leaf(std::uint32_t unit) {
  return (unit >> 8 & 1) != 0;
}
std::uint32_t value(std::uint32_t unit) {
  return unit & 0x7FFFFFFF;
}
std::uint32_t label(std::uint32_t unit) {
  return unit & (std::uint32_t{1} << 31 | 0xFF);
}
std::size_t offset(std::uint32_t unit) {
  return static_cast<std::size_t>(unit >> 10) << ((unit & 1U << 9) >> 6);
}

std::uint32_t read_u32(const char* bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = 4; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

}  // namespace

CharacterMap::CharacterMap(std::string_view bytes, std::string_view name) : name_(name) {
  if (bytes.empty()) return;
  if (bytes.size() < 4) corrupt();
  const std::size_t trie_bytes = read_u32(bytes.data());
  bytes.remove_prefix(4);
  if (trie_bytes == 0 || trie_bytes % 4 != 0 || trie_bytes >= bytes.size() || bytes.back() != '\0') corrupt();
  trie_.resize(trie_bytes / 4);
  for (std::size_t i = 0; i < trie_.size(); ++i) trie_[i] = read_u32(bytes.data() + 4 * i);
  replacements_ = bytes.substr(trie_bytes);
}

void CharacterMap::corrupt() const {
  throw Error(ErrorCode::kCorrupt, name_ + ": the normalization table of the SentencePiece model is damaged");
}

std::uint32_t CharacterMap::unit(std::size_t at) const {
  if (at >= trie_.size()) corrupt();
  return trie_[at];
}

std::string_view CharacterMap::replacement(std::size_t at) const {
  if (at >= replacements_.size()) corrupt();
  const std::string_view text = replacements_.c_str() + at;
  if (text.size() > kMaxReplacement) corrupt();
  return text;
}

std::optional<CharacterMap::Match> CharacterMap::find(std::string_view text) const {
  if (trie_.empty()) return {};
  std::optional<Match> longest;
  std::size_t node = offset(unit(0));
  for (std::size_t i = 0; i < std::min(text.size(), kMaxKey); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    node ^= byte;
    // A transition that does not belong to an entry may lead past the end of the array.
    if (node >= trie_.size() || label(trie_[node]) != byte) break;
    const std::uint32_t found = trie_[node];
    node ^= offset(found);
    if (has_leaf(found)) longest = Match{i + 1, replacement(value(unit(node)))};
  }
  return longest;
}

}  // namespace clipseek::text

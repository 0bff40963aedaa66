#include "text/html_entities.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <vector>

#include "text/html_entity_names.h"

namespace clipseek::text {
namespace {

char32_t parse_hex(std::string_view digits) {
  std::uint32_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return value;
}

HtmlEntity parse_entity(std::string_view entry) {
  const std::size_t separator = entry.find_first_of(":~");
  const std::string_view codes = entry.substr(separator + 1);
  const std::size_t comma = std::min(codes.find(','), codes.size());
  return {entry.substr(0, separator), parse_hex(codes.substr(0, comma)),
          comma < codes.size() ? parse_hex(codes.substr(comma + 1)) : 0, entry[separator] == '~'};
}

std::vector<HtmlEntity> parse_entities() {
  std::vector<HtmlEntity> entities;
  for (std::string_view rest = kHtmlEntityNames; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    entities.push_back(parse_entity(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return entities;
}

}  // namespace

const HtmlEntity* find_html_entity(std::string_view name) {
  static const std::vector<HtmlEntity> entities = parse_entities();
  const auto found = std::lower_bound(entities.begin(), entities.end(), name,
                                      [](const HtmlEntity& entity, std::string_view key) { return entity.name < key; });
  return found != entities.end() && found->name == name ? &*found : nullptr;
}

}  // namespace clipseek::text

#include "text/json_vocabulary.h"

#include <limits>
#include <set>

#include "clipseek/error.h"

namespace clipseek::text {
namespace {

[[noreturn]] void corrupt(const std::string& message) {
  throw Error(ErrorCode::kCorrupt, message);
}

std::optional<std::pair<std::string, std::string>> read_merge(const base::Json& merge) {
  if (merge.is_string()) return split_merge(merge.as_string("merge"));
  if (!merge.is_array()) return {};
  const base::Json::Array& parts = merge.as_array("merge");
  if (parts.size() != 2 || !parts[0].is_string() || !parts[1].is_string()) return {};
  return std::pair(parts[0].as_string("merge"), parts[1].as_string("merge"));
}

}  // namespace

const base::Json& member(const base::Json& object, std::string_view key, std::string_view name) {
  if (const base::Json* found = object.find(key)) return *found;
  corrupt(std::string(name) + ": no member \"" + std::string(key) + "\"");
}

bool is_text(const base::Json* value, std::string_view text) {
  return value != nullptr && value->is_string() && value->as_string("") == text;
}

TokenId token_id(const base::Json& value, std::string_view what) {
  const std::int64_t id = value.as_integer(what);
  if (id < 0 || id > std::numeric_limits<TokenId>::max()) {
    corrupt(std::string(what) + ": " + std::to_string(id) + " is not a token id");
  }
  return static_cast<TokenId>(id);
}

std::vector<std::pair<std::string, TokenId>> read_tokens(const base::Json& vocabulary, std::string_view name) {
  const base::Json::Object& members = vocabulary.as_object(name);
  std::vector<std::pair<std::string, TokenId>> tokens;
  tokens.reserve(members.size());
  for (const auto& [token, id] : members) {
    if (!id.is_integer()) {
      corrupt(std::string(name) + ": the id of token " + std::to_string(tokens.size() + 1) + " is not a whole number");
    }
    tokens.emplace_back(token, token_id(id, name));
  }
  return tokens;
}

std::optional<std::pair<std::string, std::string>> split_merge(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == 0 || space >= line.size() - 1 || line.find(' ', space + 1) != std::string_view::npos) return {};
  return std::pair(std::string(line.substr(0, space)), std::string(line.substr(space + 1)));
}

std::vector<std::pair<std::string, std::string>> read_merges(const base::Json& value, const std::string& what) {
  const base::Json::Array& elements = value.as_array(what);
  std::vector<std::pair<std::string, std::string>> merges;
  merges.reserve(elements.size());
  for (const base::Json& element : elements) {
    auto merge = read_merge(element);
    if (!merge) corrupt(what + "[" + std::to_string(merges.size()) + "] is not two tokens");
    merges.push_back(*std::move(merge));
  }
  return merges;
}

void add_missing_tokens(const base::Json& added, const std::string& what,
                        std::vector<std::pair<std::string, TokenId>>& tokens) {
  std::set<std::pair<std::string, TokenId>> missing;
  for (const base::Json& token : added.as_array(what)) {
    missing.emplace(member(token, "content", what).as_string(what + ".content"),
                    token_id(member(token, "id", what), what + ".id"));
  }
  for (const auto& token : tokens) missing.erase(token);
  tokens.insert(tokens.end(), missing.begin(), missing.end());
}

}  // namespace clipseek::text

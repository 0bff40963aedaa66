#include "text/vocabulary.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/json.h"

namespace clipseek {
namespace {

[[noreturn]] void corrupt(const std::string& message) {
  throw Error(ErrorCode::kCorrupt, message);
}

const Json& member(const Json& object, std::string_view key, std::string_view name) {
  if (const Json* found = object.find(key)) return *found;
  corrupt(std::string(name) + ": no member \"" + std::string(key) + "\"");
}

TokenId token_id(const Json& value, std::string_view what) {
  const std::int64_t id = value.as_integer(what);
  if (id < 0 || id > std::numeric_limits<TokenId>::max()) {
    corrupt(std::string(what) + ": " + std::to_string(id) + " is no token id");
  }
  return static_cast<TokenId>(id);
}

std::vector<std::pair<std::string, TokenId>> read_tokens(const Json& vocabulary, std::string_view name) {
  const Json::Object& members = vocabulary.as_object(name);
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

std::vector<std::pair<std::string, std::string>> read_merges_txt(std::string_view text, std::string_view name) {
  std::vector<std::pair<std::string, std::string>> merges;
  merges.reserve(static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || (number == 1 && line.starts_with("#version"))) continue;
    auto merge = split_merge(line);
    if (!merge) corrupt(std::string(name) + ":" + std::to_string(number) + ": not two tokens with a space between");
    merges.push_back(*std::move(merge));
  }
  return merges;
}

std::optional<std::pair<std::string, std::string>> read_merge(const Json& merge) {
  if (merge.is_string()) return split_merge(merge.as_string("merge"));
  if (!merge.is_array()) return {};
  const Json::Array& parts = merge.as_array("merge");
  if (parts.size() != 2 || !parts[0].is_string() || !parts[1].is_string()) return {};
  return std::pair(parts[0].as_string("merge"), parts[1].as_string("merge"));
}

std::vector<std::pair<std::string, std::string>> read_merges(const Json& value, const std::string& what) {
  const Json::Array& elements = value.as_array(what);
  std::vector<std::pair<std::string, std::string>> merges;
  merges.reserve(elements.size());
  for (const Json& element : elements) {
    auto merge = read_merge(element);
    if (!merge) corrupt(what + "[" + std::to_string(merges.size()) + "] is not two tokens");
    merges.push_back(*std::move(merge));
  }
  return merges;
}

bool is_text(const Json* value, std::string_view text) {
  return value != nullptr && value->is_string() && value->as_string("") == text;
}

// Refuses what would make the ids differ from those that this tokenizer gives. Older files have no `type`.
void check_model(const Json& model, std::string_view name) {
  const auto unsupported = [&](std::string_view what) {
    throw Error(ErrorCode::kUnsupported, std::string(name) + ": " + std::string(what) + ", unlike CLIP's tokenizer");
  };
  const Json* type = model.find("type");
  if (type != nullptr && !is_text(type, "BPE")) unsupported("model.type is not \"BPE\"");
  if (!is_text(model.find("end_of_word_suffix"), "</w>")) unsupported("model.end_of_word_suffix is not \"</w>\"");
  for (std::string key : {"continuing_subword_prefix", "dropout", "byte_fallback", "ignore_merges"}) {
    const Json* value = model.find(key);
    const bool off =
        value == nullptr || value->is_null() || is_text(value, "") || (value->is_bool() && !value->as_bool(key));
    if (!off) unsupported("model." + key + " is set");
  }
}

// Most files repeat in `added_tokens` the special tokens of the vocabulary; some have them only there.
void add_tokens(const Json& added, const std::string& what, std::vector<std::pair<std::string, TokenId>>& tokens) {
  std::set<std::pair<std::string, TokenId>> missing;
  for (const Json& token : added.as_array(what)) {
    missing.emplace(member(token, "content", what).as_string(what + ".content"),
                    token_id(member(token, "id", what), what + ".id"));
  }
  for (const auto& token : tokens) missing.erase(token);
  tokens.insert(tokens.end(), missing.begin(), missing.end());
}

}  // namespace

BpeVocabulary parse_bpe_vocabulary(std::string_view vocab_json, std::string_view vocab_name,
                                   std::string_view merges_txt, std::string_view merges_name) {
  BpeVocabulary vocabulary;
  vocabulary.tokens = read_tokens(Json::parse(vocab_json, vocab_name), vocab_name);
  vocabulary.merges = read_merges_txt(merges_txt, merges_name);
  return vocabulary;
}

BpeVocabulary parse_tokenizer_json(std::string_view text, std::string_view name) {
  const Json file = Json::parse(text, name);
  const Json& model = member(file, "model", name);
  check_model(model, name);
  const std::string prefix = std::string(name) + ": ";
  BpeVocabulary vocabulary;
  vocabulary.tokens = read_tokens(member(model, "vocab", name), prefix + "model.vocab");
  vocabulary.merges = read_merges(member(model, "merges", name), prefix + "model.merges");
  if (const Json* added = file.find("added_tokens")) add_tokens(*added, prefix + "added_tokens", vocabulary.tokens);
  return vocabulary;
}

}  // namespace clipseek

// The members that all types of Hugging Face tokenizer.json files have. Each function throws Error kCorrupt naming
// `name` or `what` where a member is missing or of another type.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "text/tokenizer.h"

namespace clipseek::text {

const base::Json& member(const base::Json& object, std::string_view key, std::string_view name);
bool is_text(const base::Json* value, std::string_view text);  // false for a null pointer
TokenId token_id(const base::Json& value, std::string_view what);

// {token: id}
std::vector<std::pair<std::string, TokenId>> read_tokens(const base::Json& vocabulary, std::string_view name);

// Reads merges written as "left right" or, in newer files, as ["left", "right"].
std::vector<std::pair<std::string, std::string>> read_merges(const base::Json& value, const std::string& what);
// Splits "left right" at its space; std::nullopt for any other text.
std::optional<std::pair<std::string, std::string>> split_merge(std::string_view line);

// Appends to `tokens` the entries of the array `added` that it lacks. Most files have their special tokens both in the
// vocabulary and in `added_tokens`, some only in the latter.
void add_missing_tokens(const base::Json& added, const std::string& what,
                        std::vector<std::pair<std::string, TokenId>>& tokens);

}  // namespace clipseek::text

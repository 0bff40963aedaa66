#include "text/vocabulary.h"

#include <algorithm>

#include "base/json.h"
#include "clipseek/error.h"
#include "text/json_vocabulary.h"

namespace clipseek::text {
namespace {

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
    if (!merge)
      throw Error(ErrorCode::kCorrupt,
                  std::string(name) + ":" + std::to_string(number) + ": not two tokens with a space between");
    merges.push_back(*std::move(merge));
  }
  return merges;
}

// Refuses options for which this tokenizer would compute other ids. Older files have no `type`.
void check_clip_model(const base::Json& model, std::string_view name) {
  const auto unsupported = [&](std::string_view what) {
    throw Error(ErrorCode::kUnsupported, std::string(name) + ": " + std::string(what) + ", unlike CLIP's tokenizer");
  };
  const base::Json* type = model.find("type");
  if (type != nullptr && !is_text(type, "BPE")) unsupported("model.type is not \"BPE\"");
  if (!is_text(model.find("end_of_word_suffix"), "</w>")) unsupported("model.end_of_word_suffix is not \"</w>\"");
  for (std::string key : {"continuing_subword_prefix", "dropout", "byte_fallback", "ignore_merges"}) {
    const base::Json* value = model.find(key);
    const bool off =
        value == nullptr || value->is_null() || is_text(value, "") || (value->is_bool() && !value->as_bool(key));
    if (!off) unsupported("model." + key + " is set");
  }
}

}  // namespace

BpeVocabulary parse_bpe_vocabulary(std::string_view vocab_json, std::string_view vocab_name,
                                   std::string_view merges_txt, std::string_view merges_name) {
  BpeVocabulary vocabulary;
  vocabulary.tokens = read_tokens(base::Json::parse(vocab_json, vocab_name), vocab_name);
  vocabulary.merges = read_merges_txt(merges_txt, merges_name);
  return vocabulary;
}

BpeVocabulary parse_tokenizer_json(std::string_view text, std::string_view name) {
  const base::Json file = base::Json::parse(text, name);
  const base::Json& model = member(file, "model", name);
  check_clip_model(model, name);
  const std::string prefix = std::string(name) + ": ";
  BpeVocabulary vocabulary;
  vocabulary.tokens = read_tokens(member(model, "vocab", name), prefix + "model.vocab");
  vocabulary.merges = read_merges(member(model, "merges", name), prefix + "model.merges");
  if (const base::Json* added = file.find("added_tokens"))
    add_missing_tokens(*added, prefix + "added_tokens", vocabulary.tokens);
  return vocabulary;
}

}  // namespace clipseek::text

#include "text/gemma_json.h"

#include "base/json.h"
#include "clipseek/error.h"
#include "text/json_vocabulary.h"

namespace clipseek::text {
namespace {

[[noreturn]] void unsupported(std::string_view name, std::string_view what) {
  throw Error(ErrorCode::kUnsupported, std::string(name) + ": " + std::string(what) + ", unlike Gemma's tokenizer");
}

bool is_set(const base::Json* value) {
  return value != nullptr && !value->is_null() && !is_text(value, "") && !(value->is_bool() && !value->as_bool(""));
}

void check_gemma_model(const base::Json& model, std::string_view name) {
  if (!is_text(model.find("type"), "BPE")) unsupported(name, "model.type is not \"BPE\"");
  const base::Json* bytes = model.find("byte_fallback");
  if (bytes == nullptr || !bytes->is_bool() || !bytes->as_bool("")) unsupported(name, "model.byte_fallback is not set");
  for (std::string key : {"continuing_subword_prefix", "end_of_word_suffix", "dropout", "ignore_merges"}) {
    if (is_set(model.find(key))) unsupported(name, "model." + key + " is set");
  }
}

bool is_space_pattern(const base::Json* pattern) {
  return pattern != nullptr && is_text(pattern->find("String"), " ");
}

bool is_known_normalizer(const base::Json& step) {
  const base::Json* type = step.find("type");
  if (is_text(type, "Lowercase")) return true;
  return is_text(type, "Replace") && is_space_pattern(step.find("pattern")) &&
         is_text(step.find("content"), "\xE2\x96\x81");
}

// The normalizer must replace spaces by U+2581 and may convert to lower case before: the tokenizer does so in any case.
void check_normalizer(const base::Json* normalizer, std::string_view name) {
  bool known = normalizer != nullptr;
  if (known && is_text(normalizer->find("type"), "Sequence")) {
    const base::Json& steps = member(*normalizer, "normalizers", name);
    for (const base::Json& step : steps.as_array("normalizers")) known = known && is_known_normalizer(step);
    known = known && !steps.as_array("normalizers").empty() &&
            is_text(steps.as_array("normalizers").back().find("type"), "Replace");
  } else if (known) {
    known = is_known_normalizer(*normalizer) && is_text(normalizer->find("type"), "Replace");
  }
  if (!known) unsupported(name, "the normalizer does more or less than replacing spaces by U+2581");
}

// A split at spaces has no effect, because the normalizer leaves no spaces.
void check_pre_tokenizer(const base::Json* splitter, std::string_view name) {
  if (!is_set(splitter)) return;
  if (is_text(splitter->find("type"), "Split") && is_space_pattern(splitter->find("pattern"))) return;
  unsupported(name, "there is a pre_tokenizer that splits at more than spaces");
}

bool flag(const base::Json& token, const char* key) {
  const base::Json* value = token.find(key);
  return value != nullptr && value->is_bool() && value->as_bool(key);
}

void read_added(const base::Json& added, std::string_view name, GemmaVocabulary& vocabulary) {
  const std::string what = std::string(name) + ": added_tokens";
  for (const base::Json& token : added.as_array(what)) {
    if (flag(token, "special")) continue;
    const std::string& content = member(token, "content", what).as_string(what + ".content");
    const TokenId id = token_id(member(token, "id", what), what + ".id");
    if (content.empty()) throw Error(ErrorCode::kCorrupt, what + ": a token is empty");
    for (const char* key : {"single_word", "lstrip", "rstrip"}) {
      if (flag(token, key)) unsupported(name, "an added token sets " + std::string(key));
    }
    (flag(token, "normalized") ? vocabulary.added_normalized : vocabulary.added).emplace_back(content, id);
  }
}

}  // namespace

GemmaVocabulary parse_gemma_json(std::string_view text, std::string_view name) {
  const base::Json file = base::Json::parse(text, name);
  const base::Json& model = member(file, "model", name);
  check_gemma_model(model, name);
  check_normalizer(file.find("normalizer"), name);
  check_pre_tokenizer(file.find("pre_tokenizer"), name);
  const std::string prefix = std::string(name) + ": ";
  GemmaVocabulary vocabulary;
  vocabulary.tokens = read_tokens(member(model, "vocab", name), prefix + "model.vocab");
  vocabulary.merges = read_merges(member(model, "merges", name), prefix + "model.merges");
  if (const base::Json* added = file.find("added_tokens")) {
    add_missing_tokens(*added, prefix + "added_tokens", vocabulary.tokens);
    read_added(*added, name, vocabulary);
  }
  return vocabulary;
}

}  // namespace clipseek::text

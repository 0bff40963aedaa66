#include "clip/load_tokenizer.h"

#include "base/error.h"
#include "base/mapped_file.h"
#include "text/vocabulary.h"

namespace clipseek {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBytes = 64 << 20;

LoadedTokenizer read_files(const fs::path& folder) {
  const fs::path vocab = folder / "vocab.json";
  const fs::path merges = folder / "merges.txt";
  const fs::path single = folder / "tokenizer.json";
  if (fs::exists(vocab) && fs::exists(merges)) {
    std::string vocab_text = read_text_file(vocab, kMaxBytes);
    std::string merges_text = read_text_file(merges, kMaxBytes);
    BpeVocabulary parsed = parse_bpe_vocabulary(vocab_text, vocab.string(), merges_text, merges.string());
    std::string both = vocab_text + '\0' + merges_text;
    return {Tokenizer(parsed, vocab.string()), content_hash(std::as_bytes(std::span(both)))};
  }
  if (fs::exists(single)) {
    std::string text = read_text_file(single, kMaxBytes);
    return {Tokenizer(parse_tokenizer_json(text, single.string()), single.string()),
            content_hash(std::as_bytes(std::span(text)))};
  }
  throw Error(ErrorCode::kNotFound,
              "no vocabulary in " + folder.string() + ": it has neither vocab.json and merges.txt nor tokenizer.json");
}

}  // namespace

LoadedTokenizer load_tokenizer(const fs::path& folder, const TextTowerConfig& config) {
  constexpr int kStatedByOldConverters = 2;  // see end_position in text_tower.h
  LoadedTokenizer loaded = read_files(folder);
  if (loaded.value.max_id() >= config.vocabulary) {
    throw Error(ErrorCode::kModelMismatch,
                folder.string() + ": the vocabulary has the id " + std::to_string(loaded.value.max_id()) +
                    " where config.json states vocab_size " + std::to_string(config.vocabulary));
  }
  if (config.end_token != kStatedByOldConverters && config.end_token != loaded.value.end_id()) {
    throw Error(ErrorCode::kModelMismatch,
                folder.string() + ": the vocabulary's end token is " + std::to_string(loaded.value.end_id()) +
                    " where config.json states eos_token_id " + std::to_string(config.end_token));
  }
  return loaded;
}

}  // namespace clipseek

#include "clip/load_tokenizer.h"

#include "base/file_status.h"
#include "base/mapped_file.h"
#include "clipseek/error.h"
#include "text/bpe_tokenizer.h"
#include "text/gemma_tokenizer.h"
#include "text/sentencepiece_tokenizer.h"
#include "text/siglip_clean.h"
#include "text/wordpiece_tokenizer.h"

namespace clipseek::clip {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBytes = 64 << 20;  // Gemma's tokenizer.json has 35 MB

std::string digest_of(std::string_view text) {
  return base::content_hash(std::as_bytes(std::span(text)));
}

[[noreturn]] void no_vocabulary(const fs::path& folder, const char* wanted) {
  throw Error(ErrorCode::kNotFound, "no vocabulary in " + folder.string() + ": it has " + wanted);
}

LoadedTokenizer load_bpe(const fs::path& folder) {
  const fs::path vocab = folder / "vocab.json";
  const fs::path merges = folder / "merges.txt";
  const fs::path single = folder / "tokenizer.json";
  if (base::file_exists(vocab) && base::file_exists(merges)) {
    const std::string vocab_text = base::read_text_file(vocab, kMaxBytes);
    const std::string merges_text = base::read_text_file(merges, kMaxBytes);
    const text::BpeVocabulary parsed =
        text::parse_bpe_vocabulary(vocab_text, vocab.string(), merges_text, merges.string());
    return {std::make_unique<text::BpeTokenizer>(parsed, vocab.string()), digest_of(vocab_text + '\0' + merges_text)};
  }
  if (base::file_exists(single)) {
    const std::string text = base::read_text_file(single, kMaxBytes);
    return {std::make_unique<text::BpeTokenizer>(text::parse_tokenizer_json(text, single.string()), single.string()),
            digest_of(text)};
  }
  no_vocabulary(folder, "neither vocab.json and merges.txt nor tokenizer.json");
}

LoadedTokenizer load_siglip(const fs::path& folder) {
  const auto load_pieces = [&](const fs::path& path, text::SentencePieceTokenizer::Clean clean) -> LoadedTokenizer {
    const std::string bytes = base::read_text_file(path, kMaxBytes);
    return {std::make_unique<text::SentencePieceTokenizer>(text::parse_piece_model(bytes, path.string()), clean,
                                                           path.string()),
            digest_of(bytes)};
  };
  // The file's name identifies the version: the second version has Gemma's vocabulary under Gemma's file name.
  if (base::file_exists(folder / "spiece.model")) return load_pieces(folder / "spiece.model", text::clean_siglip_text);
  if (base::file_exists(folder / "tokenizer.model"))
    return load_pieces(folder / "tokenizer.model", text::clean_siglip2_text);
  const fs::path json = folder / "tokenizer.json";
  if (base::file_exists(json)) {
    const std::string text = base::read_text_file(json, kMaxBytes);
    return {std::make_unique<text::GemmaTokenizer>(text, json.string()), digest_of(text)};
  }
  no_vocabulary(folder, "none of spiece.model, tokenizer.model and tokenizer.json");
}

LoadedTokenizer load_word_pieces(const fs::path& folder) {
  const fs::path path = folder / "vocab.txt";
  if (!base::file_exists(path)) no_vocabulary(folder, "no vocab.txt");
  const std::string text = base::read_text_file(path, kMaxBytes);
  return {std::make_unique<text::WordPieceTokenizer>(text, path.string()), digest_of(text)};
}

LoadedTokenizer load(const fs::path& folder, Layout layout) {
  if (layout == Layout::kSiglip) return load_siglip(folder);
  if (layout == Layout::kChineseClip) return load_word_pieces(folder);
  return load_bpe(folder);
}

}  // namespace

LoadedTokenizer load_tokenizer(const fs::path& folder, const ModelConfig& config) {
  constexpr int kStatedByOldConverters = 2;  // see end_position in text_tower.h
  LoadedTokenizer loaded = load(folder, config.layout);
  if (loaded.value->max_id() >= config.text.vocabulary) {
    throw Error(ErrorCode::kModelMismatch,
                folder.string() + ": the vocabulary has the id " + std::to_string(loaded.value->max_id()) +
                    " where the config states vocab_size " + std::to_string(config.text.vocabulary));
  }
  const bool stated = config.text.pooling == TextPooling::kEndToken && config.text.end_token != kStatedByOldConverters;
  if (stated && config.text.end_token != loaded.value->end_id()) {
    throw Error(ErrorCode::kModelMismatch,
                folder.string() + ": the vocabulary's end token is " + std::to_string(loaded.value->end_id()) +
                    " where the config states eos_token_id " + std::to_string(config.text.end_token));
  }
  return loaded;
}

}  // namespace clipseek::clip

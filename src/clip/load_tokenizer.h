// The tokenizer of a checkpoint folder.
#pragma once

#include <filesystem>
#include <string>

#include "clip/model_config.h"
#include "text/tokenizer.h"

namespace clipseek {

struct LoadedTokenizer {
  Tokenizer value;
  std::string digest;  // of the files' bytes; part of the model's fingerprint
};

// From vocab.json and merges.txt, or tokenizer.json where those are missing. Throws Error: kNotFound naming the files
// that are looked for; kCorrupt; kModelMismatch where the vocabulary does not fit the config.
LoadedTokenizer load_tokenizer(const std::filesystem::path& folder, const TextTowerConfig& config);

}  // namespace clipseek

// The tokenizer of a checkpoint folder.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "clip/model_config.h"
#include "text/tokenizer.h"

namespace clipseek::clip {

struct LoadedTokenizer {
  std::unique_ptr<const text::Tokenizer> value;
  std::string digest;  // of the files' bytes; part of the model's fingerprint
};

// Loads the first of these that the folder has: for CLIP and open_clip, vocab.json and merges.txt, or tokenizer.json;
// for SigLIP, spiece.model, tokenizer.model or, for the second version, tokenizer.json; for Chinese-CLIP, vocab.txt.
// Throws Error: kNotFound naming the expected files; kCorrupt; kUnsupported for a tokenizer.json of another type;
// kModelMismatch where the vocabulary does not fit the config.
LoadedTokenizer load_tokenizer(const std::filesystem::path& folder, const ModelConfig& config);

}  // namespace clipseek::clip

// Embeddings of the neutral sentences, kept on disk for each model: docs/formats.md, "Neutral embeddings". Internal to
// catalog/.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "clipseek/encoder.h"

namespace clipseek::catalog {

// Returns $XDG_CACHE_HOME/clipseek/neutral, else $HOME/.cache/clipseek/neutral; empty if neither variable is an
// absolute path.
std::filesystem::path neutral_cache_folder();

// A cache on disk: a file that is missing, damaged or of other sentences counts as absent, and a failure to write a
// file is ignored. Several processes may use one folder. Thread-safe.
class NeutralCache {
 public:
  // With an empty `folder`, nothing is cached.
  explicit NeutralCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Returns the embeddings of `sentences` by `model`, in their order; std::nullopt if they are not cached.
  std::optional<std::vector<Embedding>> load(const EncoderInfo& model, std::span<const char* const> sentences) const;
  void store(const EncoderInfo& model, std::span<const char* const> sentences,
             const std::vector<Embedding>& embeddings) const;

 private:
  std::filesystem::path file_for(const EncoderInfo& model, std::span<const char* const> sentences) const;

  std::filesystem::path folder_;
};

}  // namespace clipseek::catalog

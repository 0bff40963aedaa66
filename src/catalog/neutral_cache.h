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

// $XDG_CACHE_HOME/clipseek/neutral, else ~/.cache/clipseek/neutral; empty where neither variable names a folder.
std::filesystem::path neutral_cache_folder();

// A cache: a file that is missing, damaged or of other sentences counts as absent, and one that cannot be written is
// left out. Several processes may use one folder. Any thread.
class NeutralCache {
 public:
  // An empty `folder` makes a cache that keeps nothing.
  explicit NeutralCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // The embeddings of `sentences` by `model`, in their order; nullopt where they are not kept.
  std::optional<std::vector<Embedding>> load(const EncoderInfo& model, std::span<const char* const> sentences) const;
  void store(const EncoderInfo& model, std::span<const char* const> sentences,
             const std::vector<Embedding>& embeddings) const;

 private:
  std::filesystem::path file_for(const EncoderInfo& model, std::span<const char* const> sentences) const;

  std::filesystem::path folder_;
};

}  // namespace clipseek::catalog

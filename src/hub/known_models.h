// The published checkpoints that clipseek recommends. docs/models.md states the source of each fact.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace clipseek::hub {

// The layout of a repository's files and the names of its tensors.
enum class ModelFamily { kClip, kOpenClip, kSiglip, kChineseClip };

struct KnownModel {
  std::string_view name;        // the name for --model and `model pull`
  std::string_view repository;  // on the hub
  std::string_view revision;    // a commit, so that the files that were examined are those that are fetched
  ModelFamily family;
  std::uint64_t download_bytes;  // of the weights; the other files are small in comparison
  int input;                     // side of the picture, pixels
  int embedding;                 // numbers in a vector
  std::string_view languages;    // of the texts it understands
  std::string_view licence;
  std::string_view good_for;
};

// Ordered by family, small to large within each.
std::span<const KnownModel> known_models();

// Returns the model of that name, compared without regard to case; a null pointer if no model has that name.
const KnownModel* find_known_model(std::string_view name);

std::string_view family_name(ModelFamily family);  // "CLIP", "open_clip", "SigLIP", "Chinese-CLIP"

}  // namespace clipseek::hub

// The published checkpoints that clipseek recommends: docs/models.md tells where each fact is from.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace clipseek::hub {

// Which way a repository lays out its files and names its tensors.
enum class ModelFamily { kClip, kOpenClip, kSiglip, kChineseClip };

struct KnownModel {
  std::string_view name;        // what --model and `model pull` take
  std::string_view repository;  // on the hub
  std::string_view revision;    // a commit: what was looked at is what is fetched
  ModelFamily family;
  std::uint64_t download_bytes;  // of the weights; the other files are small beside them
  int input;                     // side of the picture, pixels
  int embedding;                 // numbers in a vector
  std::string_view languages;    // of the texts it understands
  std::string_view licence;
  std::string_view good_for;
};

// Ordered by family, small to large within each.
std::span<const KnownModel> known_models();

// The model of that name, whatever the case of its letters; null pointer when there is none.
const KnownModel* find_known_model(std::string_view name);

std::string_view family_name(ModelFamily family);  // "CLIP", "open_clip", "SigLIP", "Chinese-CLIP"

}  // namespace clipseek::hub

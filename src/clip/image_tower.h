// CLIP's image tower: preprocessed pictures to embeddings.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "clip/checkpoint.h"
#include "clip/model_config.h"
#include "clip/projection.h"
#include "clipseek/encoder.h"

namespace clipseek::clip {

// Immutable after construction: any number of threads may call encode at once, each with its own Workspace.
class ImageTower {
 public:
  ImageTower(const nn::SafetensorsFile& file, const ModelConfig& config, nn::Precision precision);

  // pixels: [B, 3, S, S] as preprocess() writes them. Returns an embedding of unit length for each picture. Throws the
  // Error of to_unit_length.
  std::vector<Embedding> encode(nn::Workspace& workspace, std::span<const float> pixels, int images) const;

  // Returns the number of operations of the matrix products for one picture, those of attention included; a
  // multiply-add is two operations.
  double operations() const;

 private:
  ImageTower(const ImageTensors& tensors, const std::filesystem::path& weights, const ModelConfig& config,
             nn::Precision precision);
  void embed_patches(nn::Workspace& workspace, std::span<const float> pixels, int images, float* x) const;
  // Pools x [B * T, W] to features [B, W].
  std::vector<float> pool_tokens(nn::Workspace& workspace, const float* x, int images) const;

  std::filesystem::path weights_;  // the file's name
  ImageTowerConfig config_;
  int embedding_width_;
  nn::Precision precision_;
  std::vector<float> class_token_;  // [W], its position added; empty if the tower has none
  std::vector<float> positions_;    // [patches, W]
  std::vector<float> pre_gamma_, pre_beta_, post_gamma_,
      post_beta_;  // the first two are empty where the tower has no such norm
  nn::Linear patches_;
  nn::Transformer transformer_;
  std::optional<nn::AttentionPool> pool_;
  std::optional<nn::Linear> projection_;
};

}  // namespace clipseek::clip

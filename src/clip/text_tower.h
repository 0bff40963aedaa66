// CLIP's text tower: from token ids to an embedding.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "clip/checkpoint.h"
#include "clip/model_config.h"
#include "clip/projection.h"
#include "clipseek/encoder.h"
#include "nn/safetensors.h"
#include "text/tokenizer.h"

namespace clipseek::clip {

// Immutable after construction: any number of threads may call encode at once, each with its own Workspace. The token
// embedding stays in the file, which must outlive the tower.
class TextTower {
 public:
  TextTower(const nn::SafetensorsFile& file, const ModelConfig& config, nn::Precision precision);

  // Returns the embedding, of unit length, of `ids`: start token to end token, at most the context. Throws the Error of
  // to_unit_length. The feature of a causal tower is read at the end token, so only the tokens up to it are computed;
  // the result is that of a padded text.
  Embedding encode(nn::Workspace& workspace, std::span<const text::TokenId> ids) const;

  // Returns the bytes of the layers' weights, all of which are read for every text.
  std::size_t weight_bytes() const;

 private:
  TextTower(const TextTensors& tensors, const std::filesystem::path& weights, const ModelConfig& config,
            nn::Precision precision);

  std::vector<float> embed(std::span<const text::TokenId> ids) const;

  std::filesystem::path weights_;  // the file's name
  TextTowerConfig config_;
  nn::Precision precision_;
  nn::TensorView token_embedding_;
  std::vector<float> positions_;  // [positions, W], with BERT's token type added
  std::vector<float> embedding_gamma_, embedding_beta_, final_gamma_,
      final_beta_;  // empty where the tower has no such norm
  nn::Transformer transformer_;
  std::optional<nn::Linear> projection_;
};

// Returns the position at which the feature of `ids` is read: that of the first end token; where the config states end
// token 2, as OpenAI's checkpoints do, that of the first largest id (transformers, modeling_clip.py,
// CLIPTextTransformer); the last position where there is no end token.
std::size_t end_position(std::span<const text::TokenId> ids, int end_token);

}  // namespace clipseek::clip

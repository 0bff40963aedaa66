// CLIP's text tower: token ids to an embedding.
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

// Immutable once made: any number of threads may run it, each with its Workspace. The token embedding stays in the
// file, which must outlive the tower.
class TextTower {
 public:
  TextTower(const nn::SafetensorsFile& file, const ModelConfig& config, nn::Precision precision);

  // The embedding, of unit length, of `ids`: start token to end token, at most the context. Throws as
  // to_unit_length does. A causal tower's feature is
  // read at the end token, so only the tokens up to it are computed: the same result as for a padded text.
  Embedding encode(nn::Workspace& workspace, std::span<const text::TokenId> ids) const;

 private:
  TextTower(const TextTensors& tensors, const std::filesystem::path& weights, const ModelConfig& config,
            nn::Precision precision);

  std::vector<float> embed(std::span<const text::TokenId> ids) const;

  std::filesystem::path weights_;  // the file's name
  TextTowerConfig config_;
  nn::TensorView token_embedding_;
  std::vector<float> positions_;  // [positions, W]; BERT's token type added
  std::vector<float> embedding_gamma_, embedding_beta_, final_gamma_, final_beta_;  // empty where there is no such norm
  nn::Transformer transformer_;
  std::optional<nn::Linear> projection_;
};

// Where the feature of `ids` is read: the first end token; where the config states end token 2, as OpenAI's checkpoints
// do, the first largest id (transformers, modeling_clip.py, CLIPTextTransformer). The last id when there is no end
// token.
std::size_t end_position(std::span<const text::TokenId> ids, int end_token);

}  // namespace clipseek::clip

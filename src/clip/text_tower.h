// CLIP's text tower: token ids to an embedding.
#pragma once

#include <memory>
#include <span>

#include "clip/checkpoint.h"
#include "clip/encoder.h"
#include "clip/model_config.h"
#include "nn/safetensors.h"
#include "text/tokenizer.h"

namespace clipseek {

// Immutable once made: any number of threads may run it, each with its Workspace. The token embedding stays in the
// file, which must outlive the tower.
class TextTower {
 public:
  TextTower(const SafetensorsFile& file, const ModelConfig& config, Precision precision);

  // The embedding, of unit length, of `ids`: start token to end token, at most the context. The tower is causal and its
  // feature is read at the end token, so only the tokens up to it are computed: the same result as for a padded text.
  Embedding encode(Workspace& workspace, std::span<const TokenId> ids) const;

 private:
  TextTower(const TextTensors& tensors, const ModelConfig& config, Precision precision);

  const TensorView& token_embedding_;
  TextTowerConfig config_;
  std::vector<float> positions_;  // [context, W]
  std::vector<float> norm_weight_, norm_bias_;
  Transformer transformer_;
  Linear projection_;
};

// Where the feature of `ids` is read: the first end token; where the config states end token 2, as OpenAI's checkpoints
// do, the first largest id (transformers, modeling_clip.py, CLIPTextTransformer). The last id when there is no end
// token.
std::size_t end_position(std::span<const TokenId> ids, int end_token);

}  // namespace clipseek

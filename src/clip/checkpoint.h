// Where each weight of a tower lies in a checkpoint file, for each layout (docs/formats.md, "Checkpoints").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clip/model_config.h"
#include "nn/attention_pool.h"
#include "nn/safetensors.h"

namespace clipseek::clip {

struct ProjectionTensors {
  nn::TensorView weight;  // [E, W], or [W, E] where transposed
  std::optional<nn::TensorView> bias;
  bool transposed = false;
};

struct TextTensors {
  nn::TensorView tokens, positions;               // [vocabulary, W], [positions, W]
  std::optional<nn::TensorView> token_types;      // [types, W]; the first is added everywhere (BERT)
  std::optional<nn::NormTensors> embedding_norm;  // BERT
  std::optional<nn::NormTensors> final_norm;
  std::optional<ProjectionTensors> projection;
  std::vector<nn::LayerTensors> layers;
};

struct ImageTensors {
  std::optional<nn::TensorView> class_embedding;  // [W]
  nn::TensorView patches;                         // [W, 3, patch, patch]
  std::optional<nn::TensorView> patch_bias;       // [W]
  nn::TensorView positions;                       // [tokens, W]
  std::optional<nn::NormTensors> pre_norm;
  nn::NormTensors post_norm;
  std::optional<nn::AttentionPoolTensors> pool;
  std::optional<ProjectionTensors> projection;
  std::vector<nn::LayerTensors> layers;
};

// Throw Error kModelMismatch naming the tensor that is missing, of another shape than the config says, or of a layer
// beyond those that it states.
TextTensors find_text_tower(const nn::SafetensorsFile& file, const ModelConfig& config);
ImageTensors find_image_tower(const nn::SafetensorsFile& file, const ModelConfig& config);

// exp(logit_scale); 100, where training clips it, when the file has none.
float read_logit_scale(const nn::SafetensorsFile& file);

}  // namespace clipseek::clip

// The tensor of each weight of a tower in a checkpoint file, for each layout (docs/formats.md, "Checkpoints").
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
  std::optional<nn::TensorView> token_types;      // [types, W]; the first is added to every token (BERT)
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

// Both throw Error kModelMismatch naming a tensor that is missing, has another shape than the config states, or belongs
// to a layer beyond those of the config.
TextTensors find_text_tower(const nn::SafetensorsFile& file, const ModelConfig& config);
ImageTensors find_image_tower(const nn::SafetensorsFile& file, const ModelConfig& config);

// Returns exp(logit_scale); 100, the maximum in CLIP's training, where the file has none.
float read_logit_scale(const nn::SafetensorsFile& file);

}  // namespace clipseek::clip

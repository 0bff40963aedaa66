// Where each weight of a tower lies in a checkpoint file, for each layout (docs/formats.md, "Checkpoints").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clip/model_config.h"
#include "nn/attention_pool.h"
#include "nn/safetensors.h"

namespace clipseek {

struct ProjectionTensors {
  TensorView weight;  // [E, W], or [W, E] where transposed
  std::optional<TensorView> bias;
  bool transposed = false;
};

struct TextTensors {
  TensorView tokens, positions;               // [vocabulary, W], [positions, W]
  std::optional<TensorView> token_types;      // [types, W]; the first is added everywhere (BERT)
  std::optional<NormTensors> embedding_norm;  // BERT
  std::optional<NormTensors> final_norm;
  std::optional<ProjectionTensors> projection;
  std::vector<LayerTensors> layers;
};

struct ImageTensors {
  std::optional<TensorView> class_embedding;  // [W]
  TensorView patches;                         // [W, 3, patch, patch]
  std::optional<TensorView> patch_bias;       // [W]
  TensorView positions;                       // [tokens, W]
  std::optional<NormTensors> pre_norm;
  NormTensors post_norm;
  std::optional<AttentionPoolTensors> pool;
  std::optional<ProjectionTensors> projection;
  std::vector<LayerTensors> layers;
};

// Throw Error kModelMismatch naming the tensor that is missing, of another shape than the config says, or of a layer
// beyond those that it states.
TextTensors find_text_tower(const SafetensorsFile& file, const ModelConfig& config);
ImageTensors find_image_tower(const SafetensorsFile& file, const ModelConfig& config);

// exp(logit_scale); 100, where training clips it, when the file has none.
float read_logit_scale(const SafetensorsFile& file);

}  // namespace clipseek

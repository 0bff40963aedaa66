// Where each weight of a tower lies in a Hugging Face CLIPModel file (docs/formats.md, "Checkpoints").
#pragma once

#include <string>
#include <vector>

#include "clip/model_config.h"
#include "nn/safetensors.h"

namespace clipseek {

// All of them throw Error kModelMismatch naming the tensor that is missing or of another shape than the config says.

// `tower` is "text_model" or "vision_model".
std::vector<LayerTensors> find_layers(const SafetensorsFile& file, const std::string& tower,
                                      const TransformerConfig& config);

struct TextTensors {
  const TensorView *tokens, *positions;                   // [vocabulary, W], [context, W]
  const TensorView *final_norm_weight, *final_norm_bias;  // [W]
  const TensorView* projection;                           // [E, W]
  std::vector<LayerTensors> layers;
};
TextTensors find_text_tower(const SafetensorsFile& file, const ModelConfig& config);

struct ImageTensors {
  const TensorView *class_embedding, *patches, *positions;  // [W], [W, 3, patch, patch], [tokens, W]
  const TensorView *pre_norm_weight, *pre_norm_bias;        // [W]
  const TensorView *post_norm_weight, *post_norm_bias;
  const TensorView* projection;  // [E, W]
  std::vector<LayerTensors> layers;
};
ImageTensors find_image_tower(const SafetensorsFile& file, const ModelConfig& config);

// exp(logit_scale); 100, where training clips it, when the file has none.
float read_logit_scale(const SafetensorsFile& file);

}  // namespace clipseek

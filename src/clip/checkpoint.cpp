#include "clip/checkpoint.h"

#include <cmath>

namespace clipseek {

std::vector<LayerTensors> find_layers(const SafetensorsFile& file, const std::string& tower,
                                      const TransformerConfig& config) {
  const std::int64_t w = config.width;
  const std::int64_t f = config.hidden;
  std::vector<LayerTensors> layers;
  for (int i = 0; i < config.layers; ++i) {
    std::string prefix = tower + ".encoder.layers." + std::to_string(i) + ".";
    auto vector = [&](const char* name, std::int64_t size) { return &file.get(prefix + name, {size}); };
    auto matrix = [&](const char* name, std::int64_t out, std::int64_t in) {
      return &file.get(prefix + name, {out, in});
    };
    layers.push_back({vector("layer_norm1.weight", w), vector("layer_norm1.bias", w),
                      matrix("self_attn.q_proj.weight", w, w), vector("self_attn.q_proj.bias", w),
                      matrix("self_attn.k_proj.weight", w, w), vector("self_attn.k_proj.bias", w),
                      matrix("self_attn.v_proj.weight", w, w), vector("self_attn.v_proj.bias", w),
                      matrix("self_attn.out_proj.weight", w, w), vector("self_attn.out_proj.bias", w),
                      vector("layer_norm2.weight", w), vector("layer_norm2.bias", w), matrix("mlp.fc1.weight", f, w),
                      vector("mlp.fc1.bias", f), matrix("mlp.fc2.weight", w, f), vector("mlp.fc2.bias", w)});
  }
  return layers;
}

TextTensors find_text_tower(const SafetensorsFile& file, const ModelConfig& config) {
  const TextTowerConfig& text = config.text;
  const std::int64_t w = text.transformer.width;
  return {&file.get("text_model.embeddings.token_embedding.weight", {text.vocabulary, w}),
          &file.get("text_model.embeddings.position_embedding.weight", {text.context, w}),
          &file.get("text_model.final_layer_norm.weight", {w}),
          &file.get("text_model.final_layer_norm.bias", {w}),
          &file.get("text_projection.weight", {config.projection, w}),
          find_layers(file, "text_model", text.transformer)};
}

ImageTensors find_image_tower(const SafetensorsFile& file, const ModelConfig& config) {
  const ImageTowerConfig& image = config.image;
  const std::int64_t w = image.transformer.width;
  return {&file.get("vision_model.embeddings.class_embedding", {w}),
          &file.get("vision_model.embeddings.patch_embedding.weight", {w, 3, image.patch, image.patch}),
          &file.get("vision_model.embeddings.position_embedding.weight", {image.tokens(), w}),
          &file.get("vision_model.pre_layrnorm.weight", {w}),  // spelled so in every published file
          &file.get("vision_model.pre_layrnorm.bias", {w}),
          &file.get("vision_model.post_layernorm.weight", {w}),
          &file.get("vision_model.post_layernorm.bias", {w}),
          &file.get("visual_projection.weight", {config.projection, w}),
          find_layers(file, "vision_model", image.transformer)};
}

float read_logit_scale(const SafetensorsFile& file) {
  if (file.find("logit_scale") == nullptr) return 100.0F;
  float exponent = 0;
  to_f32(file.get("logit_scale", {}), 0, {&exponent, 1});
  return std::exp(exponent);
}

}  // namespace clipseek

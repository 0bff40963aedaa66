#include "clip/checkpoint.h"

#include <cmath>

#include "clip/tensor_finder.h"
#include "clipseek/error.h"

namespace clipseek::clip {
namespace {

std::string layer_name(const char* prefix, int layer) {
  return prefix + std::to_string(layer) + ".";
}

// Refuses weights of more layers than the config states: without the rest the tower would compute meaningless vectors.
void refuse_further_layer(const nn::SafetensorsFile& file, const std::string& tensor, int layers) {
  if (file.find(tensor) == nullptr) return;
  throw Error(ErrorCode::kModelMismatch, file.path().string() + " has tensor " + tensor + ", but the config states " +
                                             std::to_string(layers) + (layers == 1 ? " layer" : " layers"));
}

// CLIPModel and SiglipModel towers, and the image tower of ChineseCLIPModel. `tower` is "text_model" or "vision_model".
std::vector<nn::LayerTensors> hugging_face_layers(const nn::SafetensorsFile& file, const std::string& tower,
                                                  const nn::TransformerConfig& config) {
  const std::int64_t w = config.width;
  std::vector<nn::LayerTensors> layers;
  refuse_further_layer(file, tower + layer_name(".encoder.layers.", config.layers) + "layer_norm1.weight",
                       config.layers);
  for (int i = 0; i < config.layers; ++i) {
    TensorFinder layer(file, tower + layer_name(".encoder.layers.", i));
    layers.push_back({layer.norm("layer_norm1", w), layer.linear("self_attn.q_proj", w, w),
                      layer.linear("self_attn.k_proj", w, w), layer.linear("self_attn.v_proj", w, w),
                      layer.linear("self_attn.out_proj", w, w), layer.norm("layer_norm2", w),
                      layer.linear("mlp.fc1", config.hidden, w), layer.linear("mlp.fc2", w, config.hidden)});
  }
  return layers;
}

std::vector<nn::LayerTensors> bert_layers(const nn::SafetensorsFile& file, const nn::TransformerConfig& config) {
  const std::int64_t w = config.width;
  std::vector<nn::LayerTensors> layers;
  refuse_further_layer(file,
                       layer_name("text_model.encoder.layer.", config.layers) + "attention.output.LayerNorm.weight",
                       config.layers);
  for (int i = 0; i < config.layers; ++i) {
    TensorFinder layer(file, layer_name("text_model.encoder.layer.", i));
    layers.push_back({layer.norm("attention.output.LayerNorm", w), layer.linear("attention.self.query", w, w),
                      layer.linear("attention.self.key", w, w), layer.linear("attention.self.value", w, w),
                      layer.linear("attention.output.dense", w, w), layer.norm("output.LayerNorm", w),
                      layer.linear("intermediate.dense", config.hidden, w),
                      layer.linear("output.dense", w, config.hidden)});
  }
  return layers;
}

// `prefix` is "visual.", "" or "text.".
std::vector<nn::LayerTensors> open_clip_layers(const nn::SafetensorsFile& file, const std::string& prefix,
                                               const nn::TransformerConfig& config) {
  const std::int64_t w = config.width;
  std::vector<nn::LayerTensors> layers;
  refuse_further_layer(file, prefix + layer_name("transformer.resblocks.", config.layers) + "ln_1.weight",
                       config.layers);
  for (int i = 0; i < config.layers; ++i) {
    TensorFinder layer(file, prefix + layer_name("transformer.resblocks.", i));
    layers.push_back({layer.norm("ln_1", w), layer.fused("attn.in_proj", w, 0), layer.fused("attn.in_proj", w, 1),
                      layer.fused("attn.in_proj", w, 2), layer.linear("attn.out_proj", w, w), layer.norm("ln_2", w),
                      layer.linear("mlp.c_fc", config.hidden, w), layer.linear("mlp.c_proj", w, config.hidden)});
  }
  return layers;
}

// Repositories created with custom_text have the text tower below "text.".
std::string open_clip_text_prefix(const nn::SafetensorsFile& file) {
  return file.find("text.token_embedding.weight") != nullptr ? "text." : "";
}

TextTensors open_clip_text(const nn::SafetensorsFile& file, const ModelConfig& config) {
  const std::int64_t w = config.text.transformer.width;
  const std::string prefix = open_clip_text_prefix(file);
  TensorFinder find(file, prefix);
  return {find.get("token_embedding.weight", {config.text.vocabulary, w}),
          find.get("positional_embedding", {config.text.positions, w}),
          {},
          {},
          find.norm("ln_final", w),
          ProjectionTensors{find.get("text_projection", {w, config.projection}), {}, true},
          open_clip_layers(file, prefix, config.text.transformer)};
}

TextTensors bert_text(const nn::SafetensorsFile& file, const ModelConfig& config) {
  constexpr std::int64_t kTypes = 2;
  const std::int64_t w = config.text.transformer.width;
  TensorFinder find(file, "text_model.embeddings.");
  return {find.get("word_embeddings.weight", {config.text.vocabulary, w}),
          find.get("position_embeddings.weight", {config.text.positions, w}),
          find.get("token_type_embeddings.weight", {kTypes, w}),
          find.norm("LayerNorm", w),
          {},
          ProjectionTensors{file.get("text_projection.weight", {config.projection, w}), {}, false},
          bert_layers(file, config.text.transformer)};
}

nn::AttentionPoolTensors siglip_pool(const nn::SafetensorsFile& file, const nn::TransformerConfig& config) {
  const std::int64_t w = config.width;
  TensorFinder head(file, "vision_model.head.");
  return {head.get("probe", {1, 1, w}),
          head.fused("attention.in_proj", w, 0),
          head.fused("attention.in_proj", w, 1),
          head.fused("attention.in_proj", w, 2),
          head.linear("attention.out_proj", w, w),
          head.norm("layernorm", w),
          head.linear("mlp.fc1", config.hidden, w),
          head.linear("mlp.fc2", w, config.hidden)};
}

ImageTensors open_clip_image(const nn::SafetensorsFile& file, const ModelConfig& config) {
  const ImageTowerConfig& image = config.image;
  const std::int64_t w = image.transformer.width;
  TensorFinder find(file, "visual.");
  return {find.get("class_embedding", {w}),
          find.get("conv1.weight", {w, 3, image.patch, image.patch}),
          {},
          find.get("positional_embedding", {image.tokens(), w}),
          find.norm("ln_pre", w),
          find.norm("ln_post", w),
          {},
          ProjectionTensors{find.get("proj", {w, config.projection}), {}, true},
          open_clip_layers(file, "visual.", image.transformer)};
}

}  // namespace

TextTensors find_text_tower(const nn::SafetensorsFile& file, const ModelConfig& config) {
  if (config.layout == Layout::kOpenClip) return open_clip_text(file, config);
  if (config.layout == Layout::kChineseClip) return bert_text(file, config);
  const std::int64_t w = config.text.transformer.width;
  TensorFinder find(file, "text_model.");
  TextTensors tensors{find.get("embeddings.token_embedding.weight", {config.text.vocabulary, w}),
                      find.get("embeddings.position_embedding.weight", {config.text.positions, w}),
                      {},
                      {},
                      find.norm("final_layer_norm", w),
                      {},
                      hugging_face_layers(file, "text_model", config.text.transformer)};
  if (config.layout == Layout::kSiglip) {
    nn::LinearTensors head = find.linear("head", config.projection, w);
    tensors.projection = ProjectionTensors{head.weight, head.bias, false};
  } else {
    tensors.projection = ProjectionTensors{file.get("text_projection.weight", {config.projection, w}), {}, false};
  }
  return tensors;
}

ImageTensors find_image_tower(const nn::SafetensorsFile& file, const ModelConfig& config) {
  if (config.layout == Layout::kOpenClip) return open_clip_image(file, config);
  const ImageTowerConfig& image = config.image;
  const std::int64_t w = image.transformer.width;
  TensorFinder find(file, "vision_model.");
  ImageTensors tensors{{},
                       find.get("embeddings.patch_embedding.weight", {w, 3, image.patch, image.patch}),
                       {},
                       find.get("embeddings.position_embedding.weight", {image.tokens(), w}),
                       {},
                       find.norm("post_layernorm", w),
                       {},
                       {},
                       hugging_face_layers(file, "vision_model", image.transformer)};
  if (config.layout == Layout::kSiglip) {
    tensors.patch_bias = find.get("embeddings.patch_embedding.bias", {w});
    tensors.pool = siglip_pool(file, image.transformer);
  } else {
    tensors.class_embedding = find.get("embeddings.class_embedding", {w});
    tensors.pre_norm = find.norm("pre_layrnorm", w);  // every published file has this spelling
    tensors.projection = ProjectionTensors{file.get("visual_projection.weight", {config.projection, w}), {}, false};
  }
  return tensors;
}

float read_logit_scale(const nn::SafetensorsFile& file) {
  const nn::TensorView* found = file.find("logit_scale");
  if (found == nullptr) return 100.0F;
  float exponent = 0;  // a scalar, or a vector of one number in SigLIP's files
  nn::to_f32(file.get("logit_scale", found->elements() == 1 ? found->shape : std::vector<std::int64_t>{}), 0,
             {&exponent, 1});
  return std::exp(exponent);
}

}  // namespace clipseek::clip

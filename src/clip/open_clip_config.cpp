#include "clip/open_clip_config.h"

#include <cmath>

#include "clip/config_section.h"
#include "clipseek/error.h"

namespace clipseek::clip {
namespace {

// Refuses members that change the computation and are not implemented here.
void refuse(const ConfigSection& section, std::initializer_list<const char*> members) {
  for (const char* member : members) {
    const base::Json* value = section.find(member);
    if (value == nullptr || (value->is_bool() && !value->as_bool(member))) continue;
    throw Error(ErrorCode::kUnsupported, section.path(member) +
                                             ": clipseek reads open_clip's native ViT towers, without "
                                             "this option");
  }
}

nn::Activation read_activation(const ConfigSection& tower, bool quick) {
  if (quick) return nn::Activation::kQuickGelu;
  std::string approximation = tower.section("act_kwargs").text("approximate", "none");
  if (approximation == "tanh") return nn::Activation::kGeluTanh;
  if (approximation == "none") return nn::Activation::kGelu;
  throw Error(ErrorCode::kUnsupported, tower.path("act_kwargs.approximate") + " is \"" + approximation + "\"");
}

// Refuses changes of a layer that the config of either tower may state.
void refuse_other_layers(const ConfigSection& tower) {
  refuse(tower, {"ls_init_value", "norm_kwargs", "block_type", "qk_norm", "scaled_cosine_attn", "scale_heads",
                 "scale_attn_inner", "scale_attn", "scale_fc"});
}

void read_text_tower(const ConfigSection& section, bool quick, TextTowerConfig& text) {
  refuse_other_layers(section);
  refuse(section, {"hf_model_name", "embed_cls", "no_causal_mask", "proj_bias"});
  for (const auto& [member, known] : {std::pair("text_arch", "clip"), std::pair("proj_type", "linear")}) {
    const std::string value = section.text(member, known);
    if (value != known) throw Error(ErrorCode::kUnsupported, section.path(member) + " is \"" + value + "\"");
  }
  std::string pooling = section.text("pool_type", "argmax");
  if (pooling != "argmax") throw Error(ErrorCode::kUnsupported, section.path("pool_type") + " is \"" + pooling + "\"");
  text.vocabulary = section.integer("vocab_size", 49408, 3, 1 << 21);
  text.positions = section.integer("context_length", 77, 2, kMaxConfigTokens);
  text.context = text.positions;
  text.end_token = text.vocabulary - 1;  // argmax: the largest id is the end token
  text.transformer.width = section.integer("width", 512, 1, kMaxConfigWidth);
  text.transformer.heads = section.integer("heads", 8, 1, 1024);
  text.transformer.layers = section.integer("layers", 12, 1, 256);
  text.transformer.hidden = static_cast<int>(text.transformer.width * section.number("mlp_ratio", 4.0));
  text.transformer.activation = read_activation(section, quick);
  text.transformer.causal = true;
}

void read_image_tower(const ConfigSection& section, bool quick, ImageTowerConfig& image) {
  refuse_other_layers(section);
  refuse(section, {"timm_model_name", "attentional_pool", "no_ln_pre", "final_ln_after_pool", "input_patchnorm"});
  std::string pooling = section.text("pool_type", "tok");
  if (pooling != "tok") throw Error(ErrorCode::kUnsupported, section.path("pool_type") + " is \"" + pooling + "\"");
  const base::Json* layers = section.find("layers");
  if (layers != nullptr && layers->is_array()) {
    throw Error(ErrorCode::kUnsupported, section.path("layers") + " is a list (a ResNet); clipseek reads ViT towers");
  }
  image.image = section.integer("image_size", 224, 1, kMaxConfigSide);
  image.patch = section.integer("patch_size", 16, 1, image.image);
  image.transformer.width = section.integer("width", 768, 1, kMaxConfigWidth);
  image.transformer.layers = section.integer("layers", 12, 1, 256);
  image.transformer.heads = image.transformer.width / section.integer("head_width", 64, 1, image.transformer.width);
  image.transformer.hidden = static_cast<int>(image.transformer.width * section.number("mlp_ratio", 4.0));
  image.transformer.activation = read_activation(section, quick);
}

image::PreprocessConfig read_preprocess(const ConfigSection& section, int image) {
  image::PreprocessConfig config;
  config.resize = config.crop = image;
  std::string mode = section.text("resize_mode", "shortest");
  if (mode != "shortest" && mode != "squash") {
    throw Error(ErrorCode::kUnsupported, section.path("resize_mode") + " is \"" + mode + "\"");
  }
  config.mode = mode == "squash" ? image::ResizeMode::kSquash : image::ResizeMode::kShortestEdge;
  config.crop_rounding = image::CropRounding::kHalfToEven;
  std::string filter = section.text("interpolation", "bicubic");
  if (filter != "bicubic" && filter != "bilinear") {
    throw Error(ErrorCode::kUnsupported, section.path("interpolation") + " is \"" + filter + "\"");
  }
  config.filter = filter == "bicubic" ? image::ResampleFilter::kBicubic : image::ResampleFilter::kBilinear;
  config.mean = section.channels("mean", config.mean);
  config.std = section.channels("std", config.std);
  for (float deviation : config.std) {
    if (!(deviation > 0)) throw Error(ErrorCode::kCorrupt, section.path("std") + " is not above 0");
  }
  return config;
}

void check_heads(const nn::TransformerConfig& config, const ConfigSection& section) {
  if (config.heads < 1 || config.hidden < 1 || config.width % config.heads != 0) {
    throw Error(ErrorCode::kModelMismatch, section.path("width") + " does not divide into whole heads");
  }
}

}  // namespace

ModelConfig read_open_clip_config(const std::filesystem::path& folder) {
  base::Json json = read_config_file(folder, "open_clip_config.json");
  ConfigSection top(json, (folder / "open_clip_config.json").string());
  ConfigSection model_cfg = top.section("model_cfg");
  ModelConfig model;
  model.layout = Layout::kOpenClip;
  refuse(model_cfg, {"multimodal_cfg"});
  const bool quick = model_cfg.flag("quick_gelu", false);
  ConfigSection text = model_cfg.section("text_cfg");
  ConfigSection vision = model_cfg.section("vision_cfg");
  model.projection = model_cfg.integer("embed_dim", 512, 1, kMaxConfigWidth);
  read_text_tower(text, quick, model.text);
  read_image_tower(vision, quick, model.image);
  check_heads(model.text.transformer, text);
  check_heads(model.image.transformer, vision);
  model.preprocess = read_preprocess(top.section("preprocess_cfg"), model.image.image);
  return model;
}

}  // namespace clipseek::clip

#include "clip/hugging_face_config.h"

#include <algorithm>
#include <cmath>

#include "base/file_status.h"
#include "clipseek/error.h"

namespace clipseek::clip {
namespace {

// The values of members that a config omits: the defaults of the family's configuration class in transformers.
struct TowerDefaults {
  int width, hidden, heads;
  const char* activation;
  double epsilon;
};
constexpr TowerDefaults kClipText{512, 2048, 8, "quick_gelu", 1e-5};
constexpr TowerDefaults kClipImage{768, 3072, 12, "quick_gelu", 1e-5};
constexpr TowerDefaults kSiglip{768, 3072, 12, "gelu_pytorch_tanh", 1e-6};
constexpr TowerDefaults kBert{768, 3072, 12, "gelu", 1e-12};

nn::TransformerConfig read_transformer(const ConfigSection& section, const TowerDefaults& defaults) {
  nn::TransformerConfig config;
  config.width = section.integer("hidden_size", defaults.width, 1, kMaxConfigWidth);
  config.hidden = section.integer("intermediate_size", defaults.hidden, 1, 8 * kMaxConfigWidth);
  config.heads = section.integer("num_attention_heads", defaults.heads, 1, 1024);
  config.layers = section.integer("num_hidden_layers", 12, 1, 256);
  config.activation = activation_of(section.text("hidden_act", defaults.activation), section.path("hidden_act"));
  config.epsilon = static_cast<float>(section.number("layer_norm_eps", defaults.epsilon));
  if (config.width % config.heads != 0) {
    throw Error(ErrorCode::kModelMismatch, section.path("num_attention_heads") + " (" + std::to_string(config.heads) +
                                               ") does not divide hidden_size (" + std::to_string(config.width) + ")");
  }
  return config;
}

void read_image_tower(const ConfigSection& section, const TowerDefaults& defaults, int patch, ImageTowerConfig& image) {
  image.transformer = read_transformer(section, defaults);
  image.image = section.integer("image_size", 224, 1, kMaxConfigSide);
  image.patch = section.integer("patch_size", patch, 1, image.image);
  if (section.integer("num_channels", 3, 0, 64) != 3) {
    throw Error(ErrorCode::kUnsupported, section.path("num_channels") + " is not 3");
  }
}

void read_clip(const ConfigSection& config, ModelConfig& model) {
  ConfigSection text = config.section("text_config");
  model.text.transformer = read_transformer(text, kClipText);
  model.text.transformer.causal = true;
  model.text.vocabulary = text.integer("vocab_size", 49408, 3, 1 << 21);
  model.text.positions = text.integer("max_position_embeddings", 77, 2, kMaxConfigTokens);
  model.text.context = model.text.positions;
  model.text.end_token = text.integer("eos_token_id", 49407, 0, model.text.vocabulary - 1);
  read_image_tower(config.section("vision_config"), kClipImage, 32, model.image);
  // Published configs state it at the top level; the copies in the towers' sections are leftovers of old converters.
  model.projection = config.integer("projection_dim", 512, 1, kMaxConfigWidth);
}

void read_siglip(const std::filesystem::path& folder, const ConfigSection& config, ModelConfig& model) {
  ConfigSection text = config.section("text_config");
  model.text.transformer = read_transformer(text, kSiglip);
  model.text.vocabulary = text.integer("vocab_size", 32000, 3, 1 << 21);
  model.text.positions = text.integer("max_position_embeddings", 64, 2, kMaxConfigTokens);
  model.text.context = model.text.positions;
  model.text.end_token = 1;  // "</s>" and "<eos>" in the two vocabularies; configs state CLIP's id by mistake
  model.text.pooling = TextPooling::kLastPosition;
  // The first version, whose vocabulary is spiece.model, pads with "</s>", the second one with Gemma's "<pad>".
  model.text.pad_token = base::file_exists(folder / "spiece.model") ? 1 : 0;
  model.image.pooling = ImagePooling::kAttention;
  read_image_tower(config.section("vision_config"), kSiglip, 16, model.image);
  model.projection = text.integer("projection_size", model.text.transformer.width, 1, kMaxConfigWidth);
  if (model.projection != model.image.transformer.width) {
    throw Error(ErrorCode::kModelMismatch, text.path("projection_size") + " is " + std::to_string(model.projection) +
                                               " where the image tower gives vectors of " +
                                               std::to_string(model.image.transformer.width));
  }
}

void read_chinese_clip(const ConfigSection& config, ModelConfig& model) {
  constexpr int kContext = 52;  // the length that the published models were trained with and tokenize to
  ConfigSection text = config.section("text_config");
  model.text.transformer = read_transformer(text, kBert);
  model.text.transformer.post_norm = true;
  model.text.vocabulary = text.integer("vocab_size", 30522, 3, 1 << 21);
  model.text.positions = text.integer("max_position_embeddings", 512, 2, kMaxConfigTokens);
  model.text.context = std::min(kContext, model.text.positions);
  model.text.pooling = TextPooling::kFirstPosition;
  read_image_tower(config.section("vision_config"), kClipImage, 32, model.image);
  model.projection = config.integer("projection_dim", 512, 1, kMaxConfigWidth);
}

// Reads a size: a number, {"shortest_edge"} or {"height", "width"}. Sets `squash` for the last form only.
int read_size(const ConfigSection& section, const char* key, int fallback, bool& squash) {
  const base::Json* value = section.find(key);
  squash = false;
  if (value == nullptr || !value->is_object()) return section.integer(key, fallback, 1, kMaxConfigSide);
  ConfigSection sides(*value, section.path(key));
  if (sides.find("longest_edge") != nullptr) {
    // Older versions of transformers ignore it beside shortest_edge, newer ones limit the longer side to it.
    throw Error(ErrorCode::kUnsupported, sides.path("longest_edge") + " is not supported");
  }
  if (sides.find("shortest_edge") != nullptr) return sides.integer("shortest_edge", fallback, 1, kMaxConfigSide);
  int height = sides.integer("height", fallback, 1, kMaxConfigSide);
  if (sides.integer("width", fallback, 1, kMaxConfigSide) != height) {
    throw Error(ErrorCode::kUnsupported, section.path(key) + " is not square");
  }
  squash = true;
  return height;
}

image::PreprocessConfig read_preprocess(const ConfigSection& section, const ModelConfig& model) {
  image::PreprocessConfig config;
  if (model.layout == Layout::kSiglip) config.mean = config.std = {0.5F, 0.5F, 0.5F};
  const int image = model.image.image;
  bool squash = false;
  bool square_crop = false;
  config.resize = read_size(section, "size", image, squash);
  config.mode = squash ? image::ResizeMode::kSquash : image::ResizeMode::kShortestEdge;
  bool crops = section.flag("do_center_crop", model.layout != Layout::kSiglip);
  config.crop = crops ? read_size(section, "crop_size", image, square_crop) : config.resize;
  int filter = section.integer("resample", 3, 0, 5);
  if (filter != 2 && filter != 3) {
    throw Error(ErrorCode::kUnsupported, section.path("resample") + " is " + std::to_string(filter) +
                                             "; supported are 3 (bicubic) and 2 (bilinear)");
  }
  config.filter = filter == 3 ? image::ResampleFilter::kBicubic : image::ResampleFilter::kBilinear;
  for (const char* step : {"do_resize", "do_normalize", "do_rescale"}) {
    if (!section.flag(step, true)) throw Error(ErrorCode::kUnsupported, section.path(step) + " is false");
  }
  constexpr double kRescale = 1.0 / 255;
  if (std::abs(section.number("rescale_factor", kRescale) - kRescale) > 1e-9) {
    throw Error(ErrorCode::kUnsupported, section.path("rescale_factor") + " is not 1/255");
  }
  config.mean = section.channels("image_mean", config.mean);
  config.std = section.channels("image_std", config.std);
  for (float deviation : config.std) {
    if (!(deviation > 0)) throw Error(ErrorCode::kCorrupt, section.path("image_std") + " is not above 0");
  }
  if (config.crop != image || (!crops && !squash)) {
    throw Error(ErrorCode::kModelMismatch, section.path("crop_size") + " gives pictures of " +
                                               std::to_string(config.crop) + " pixels where the image tower reads " +
                                               std::to_string(image));
  }
  return config;
}

}  // namespace

ModelConfig read_hugging_face_config(const std::filesystem::path& folder, const base::Json& config) {
  ConfigSection top(config, (folder / "config.json").string());
  ModelConfig model;
  std::string type = top.text("model_type", "clip");
  if (type == "clip") {
    read_clip(top, model);
  } else if (type == "siglip") {
    model.layout = Layout::kSiglip;
    read_siglip(folder, top, model);
  } else if (type == "chinese_clip") {
    model.layout = Layout::kChineseClip;
    read_chinese_clip(top, model);
  } else {
    throw Error(ErrorCode::kUnsupported, top.path("model_type") + " is \"" + type +
                                             "\"; clipseek reads models of type clip, siglip and chinese_clip, and "
                                             "open_clip folders");
  }
  base::Json preprocessor = read_config_file(folder, "preprocessor_config.json");
  model.preprocess =
      read_preprocess(ConfigSection(preprocessor, (folder / "preprocessor_config.json").string()), model);
  return model;
}

}  // namespace clipseek::clip

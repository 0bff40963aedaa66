#include "clip/model_config.h"

#include "base/error.h"
#include "base/json.h"
#include "base/mapped_file.h"

namespace clipseek {
namespace {

constexpr std::size_t kMaxConfigBytes = 16 << 20;

// A JSON object of a file, with the path to it for messages: "config.json: vision_config.patch_size".
class Section {
 public:
  Section(const Json& value, std::string where) : value_(&value), where_(std::move(where)) { value.as_object(where_); }

  const Json* find(const char* key) const {
    const Json* found = value_->find(key);
    return found == nullptr || found->is_null() ? nullptr : found;
  }
  std::string path(const char* key) const { return where_ + (where_.ends_with(".json") ? ": " : ".") + key; }

  // A whole number within [low, high]; `fallback` where the member is missing.
  int integer(const char* key, int fallback, int low, int high) const {
    const Json* found = find(key);
    std::int64_t value = found == nullptr ? fallback : found->as_integer(path(key));
    if (value < low || value > high) {
      throw Error(ErrorCode::kLimitExceeded, path(key) + " is " + std::to_string(value) + "; clipseek handles " +
                                                 std::to_string(low) + " to " + std::to_string(high));
    }
    return static_cast<int>(value);
  }
  double number(const char* key, double fallback) const {
    const Json* found = find(key);
    return found == nullptr ? fallback : found->as_number(path(key));
  }
  std::string text(const char* key, const char* fallback) const {
    const Json* found = find(key);
    return found == nullptr ? fallback : found->as_string(path(key));
  }
  bool flag(const char* key, bool fallback) const {
    const Json* found = find(key);
    return found == nullptr ? fallback : found->as_bool(path(key));
  }

 private:
  const Json* value_;
  std::string where_;
};

Activation activation_of(const std::string& name, const std::string& where) {
  if (name == "quick_gelu") return Activation::kQuickGelu;
  if (name == "gelu") return Activation::kGelu;
  if (name == "gelu_pytorch_tanh" || name == "gelu_new") return Activation::kGeluTanh;
  throw Error(ErrorCode::kUnsupported,
              where + " is \"" + name + "\"; supported are quick_gelu, gelu, gelu_pytorch_tanh");
}

struct TransformerDefaults {
  int width, hidden, heads;
};

TransformerConfig read_transformer(const Section& section, const TransformerDefaults& defaults) {
  constexpr int kMaxWidth = 1 << 14;
  TransformerConfig config;
  config.width = section.integer("hidden_size", defaults.width, 1, kMaxWidth);
  config.hidden = section.integer("intermediate_size", defaults.hidden, 1, 8 * kMaxWidth);
  config.heads = section.integer("num_attention_heads", defaults.heads, 1, 1024);
  config.layers = section.integer("num_hidden_layers", 12, 1, 256);
  config.activation = activation_of(section.text("hidden_act", "quick_gelu"), section.path("hidden_act"));
  config.epsilon = static_cast<float>(section.number("layer_norm_eps", 1e-5));
  if (config.width % config.heads != 0) {
    throw Error(ErrorCode::kModelMismatch, section.path("num_attention_heads") + " (" + std::to_string(config.heads) +
                                               ") does not divide hidden_size (" + std::to_string(config.width) + ")");
  }
  return config;
}

Json read_json(const std::filesystem::path& folder, const char* name) {
  std::filesystem::path path = folder / name;
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorCode::kNotFound,
                "no model in " + folder.string() + ": it has no " + name +
                    " (a model folder holds config.json, preprocessor_config.json, vocab.json and merges.txt or "
                    "tokenizer.json, and model.safetensors)");
  }
  return Json::parse(read_text_file(path, kMaxConfigBytes), path.string());
}

const Json& empty_object() {
  static const Json empty{Json::Object{}};
  return empty;
}

Section subsection(const Section& parent, const char* key) {
  const Json* found = parent.find(key);
  return {found == nullptr ? empty_object() : *found, parent.path(key)};
}

void check_architecture(const Section& config) {
  std::string type = config.text("model_type", "clip");
  if (type != "clip") {
    throw Error(ErrorCode::kUnsupported,
                config.path("model_type") + " is \"" + type + "\"; clipseek reads models of type \"clip\"");
  }
}

void read_towers(const Section& config, ModelConfig& model) {
  constexpr int kMaxTokens = 4096;
  Section text = subsection(config, "text_config");
  model.text.transformer = read_transformer(text, {512, 2048, 8});
  model.text.transformer.causal = true;
  model.text.vocabulary = text.integer("vocab_size", 49408, 3, 1 << 21);
  model.text.context = text.integer("max_position_embeddings", 77, 2, kMaxTokens);
  model.text.end_token = text.integer("eos_token_id", 49407, 0, model.text.vocabulary - 1);

  Section vision = subsection(config, "vision_config");
  model.image.transformer = read_transformer(vision, {768, 3072, 12});
  model.image.image = vision.integer("image_size", 224, 1, 4096);
  model.image.patch = vision.integer("patch_size", 32, 1, model.image.image);
  if (vision.integer("num_channels", 3, 0, 64) != 3) {
    throw Error(ErrorCode::kUnsupported, vision.path("num_channels") + " is not 3");
  }
  if (model.image.tokens() > kMaxTokens) {
    throw Error(ErrorCode::kLimitExceeded, vision.path("patch_size") + " makes " +
                                               std::to_string(model.image.tokens()) + " tokens of an image; at most " +
                                               std::to_string(kMaxTokens) + " are handled");
  }
  // Published configs state it at the top; the towers' own copies are what old converters left.
  model.projection = config.integer("projection_dim", 512, 1, 1 << 14);
}

// A size as a number or as {"shortest_edge"} or {"height", "width"}.
int read_size(const Section& section, const char* key, int fallback, bool& squash) {
  constexpr int kMaxSide = 4096;
  const Json* value = section.find(key);
  squash = false;
  if (value == nullptr || !value->is_object()) return section.integer(key, fallback, 1, kMaxSide);
  Section sides(*value, section.path(key));
  if (sides.find("shortest_edge") != nullptr) return sides.integer("shortest_edge", fallback, 1, kMaxSide);
  int height = sides.integer("height", fallback, 1, kMaxSide);
  if (sides.integer("width", fallback, 1, kMaxSide) != height) {
    throw Error(ErrorCode::kUnsupported, section.path(key) + " is not square");
  }
  squash = true;
  return height;
}

std::array<float, 3> read_channels(const Section& section, const char* key, std::array<float, 3> values) {
  const Json* found = section.find(key);
  if (found == nullptr) return values;
  const Json::Array& array = found->as_array(section.path(key));
  if (array.size() != values.size()) throw Error(ErrorCode::kCorrupt, section.path(key) + " does not have 3 numbers");
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(array[i].as_number(section.path(key)));
  return values;
}

PreprocessConfig read_preprocess(const Section& section, int image) {
  PreprocessConfig config;
  bool squash = false;
  bool square_crop = false;
  config.resize = read_size(section, "size", image, squash);
  config.mode = squash ? ResizeMode::kSquash : ResizeMode::kShortestEdge;
  bool crops = section.flag("do_center_crop", true);
  config.crop = crops ? read_size(section, "crop_size", image, square_crop) : config.resize;
  int filter = section.integer("resample", 3, 0, 5);
  if (filter != 2 && filter != 3) {
    throw Error(ErrorCode::kUnsupported, section.path("resample") + " is " + std::to_string(filter) +
                                             "; supported are 3 (bicubic) and 2 (bilinear)");
  }
  config.filter = filter == 3 ? ResampleFilter::kBicubic : ResampleFilter::kBilinear;
  for (const char* step : {"do_resize", "do_normalize", "do_rescale"}) {
    if (!section.flag(step, true)) throw Error(ErrorCode::kUnsupported, section.path(step) + " is false");
  }
  config.mean = read_channels(section, "image_mean", config.mean);
  config.std = read_channels(section, "image_std", config.std);
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

ModelConfig read_model_config(const std::filesystem::path& folder) {
  ModelConfig model;
  Json config = read_json(folder, "config.json");
  Section top(config, (folder / "config.json").string());
  check_architecture(top);
  read_towers(top, model);
  Json preprocessor = read_json(folder, "preprocessor_config.json");
  model.preprocess =
      read_preprocess(Section(preprocessor, (folder / "preprocessor_config.json").string()), model.image.image);
  return model;
}

}  // namespace clipseek

#include "clip/config_section.h"

#include "base/file_status.h"
#include "base/mapped_file.h"
#include "clipseek/error.h"

namespace clipseek::clip {

ConfigSection::ConfigSection(const base::Json& value, std::string where) : value_(&value), where_(std::move(where)) {
  value.as_object(where_);
}

const base::Json* ConfigSection::find(const char* key) const {
  const base::Json* found = value_->find(key);
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::string ConfigSection::path(const char* key) const {
  return where_ + (where_.ends_with(".json") ? ": " : ".") + key;
}

int ConfigSection::integer(const char* key, int fallback, int low, int high) const {
  const base::Json* found = find(key);
  std::int64_t value = found == nullptr ? fallback : found->as_integer(path(key));
  if (value < low || value > high) {
    throw Error(ErrorCode::kLimitExceeded, path(key) + " is " + std::to_string(value) + "; clipseek handles " +
                                               std::to_string(low) + " to " + std::to_string(high));
  }
  return static_cast<int>(value);
}

double ConfigSection::number(const char* key, double fallback) const {
  const base::Json* found = find(key);
  return found == nullptr ? fallback : found->as_number(path(key));
}

std::string ConfigSection::text(const char* key, const char* fallback) const {
  const base::Json* found = find(key);
  return found == nullptr ? fallback : found->as_string(path(key));
}

bool ConfigSection::flag(const char* key, bool fallback) const {
  const base::Json* found = find(key);
  return found == nullptr ? fallback : found->as_bool(path(key));
}

std::array<float, 3> ConfigSection::channels(const char* key, std::array<float, 3> values) const {
  const base::Json* found = find(key);
  if (found == nullptr) return values;
  const base::Json::Array& array = found->as_array(path(key));
  if (array.size() != values.size()) throw Error(ErrorCode::kCorrupt, path(key) + " does not have 3 numbers");
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(array[i].as_number(path(key)));
  return values;
}

ConfigSection ConfigSection::section(const char* key) const {
  static const base::Json empty{base::Json::Object{}};
  const base::Json* found = find(key);
  return {found == nullptr ? empty : *found, path(key)};
}

base::Json read_config_file(const std::filesystem::path& folder, const char* name) {
  constexpr std::size_t kMaxBytes = 16 << 20;
  std::filesystem::path path = folder / name;
  if (!base::file_exists(path)) {
    throw Error(
        ErrorCode::kNotFound,
        "no model in " + folder.string() + ": it has no " + name +
            " (a model folder holds config.json, preprocessor_config.json, model.safetensors and the tokenizer's "
            "files; or open_clip_config.json, open_clip_model.safetensors and the tokenizer's files)");
  }
  return base::Json::parse(base::read_text_file(path, kMaxBytes), path.string());
}

nn::Activation activation_of(const std::string& name, const std::string& where) {
  if (name == "quick_gelu") return nn::Activation::kQuickGelu;
  if (name == "gelu") return nn::Activation::kGelu;
  if (name == "gelu_pytorch_tanh" || name == "gelu_new") return nn::Activation::kGeluTanh;
  throw Error(ErrorCode::kUnsupported,
              where + " is \"" + name + "\"; supported are quick_gelu, gelu, gelu_pytorch_tanh");
}

}  // namespace clipseek::clip

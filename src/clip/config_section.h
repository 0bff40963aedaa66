// Reading members of a config file, with their path in every message.
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "base/json.h"
#include "nn/linear.h"

namespace clipseek::clip {

// A JSON object of a file, with the path to it: "config.json: vision_config.patch_size". Members that are missing or
// null take the fallback; one of another type throws Error kCorrupt. The Json must outlive the Section.
class ConfigSection {
 public:
  ConfigSection(const base::Json& value, std::string where);

  const base::Json* find(const char* key) const;
  std::string path(const char* key) const;

  // A whole number within [low, high]; outside of it Error kLimitExceeded.
  int integer(const char* key, int fallback, int low, int high) const;
  double number(const char* key, double fallback) const;
  std::string text(const char* key, const char* fallback) const;
  bool flag(const char* key, bool fallback) const;
  std::array<float, 3> channels(const char* key, std::array<float, 3> fallback) const;
  // An object inside; an empty one where it is missing.
  ConfigSection section(const char* key) const;

 private:
  const base::Json* value_;
  std::string where_;
};

// The JSON file `name` of a model folder. Throws Error kNotFound saying what a model folder holds.
base::Json read_config_file(const std::filesystem::path& folder, const char* name);

// "quick_gelu", "gelu", "gelu_pytorch_tanh". Throws Error kUnsupported naming `where`.
nn::Activation activation_of(const std::string& name, const std::string& where);

constexpr int kMaxConfigWidth = 1 << 14;
constexpr int kMaxConfigTokens = 4096;
constexpr int kMaxConfigSide = 4096;

}  // namespace clipseek::clip

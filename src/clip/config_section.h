// Reads the members of a config file and names their path in every message.
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "base/json.h"
#include "nn/linear.h"

namespace clipseek::clip {

// A JSON object of a file and its path, as in "config.json: vision_config.patch_size". Each reader returns the fallback
// for a member that is missing or null, and throws Error kCorrupt for one of another type. The Json must outlive the
// ConfigSection.
class ConfigSection {
 public:
  ConfigSection(const base::Json& value, std::string where);

  const base::Json* find(const char* key) const;
  std::string path(const char* key) const;

  // Reads a whole number; throws Error kLimitExceeded where it is outside [low, high].
  int integer(const char* key, int fallback, int low, int high) const;
  double number(const char* key, double fallback) const;
  std::string text(const char* key, const char* fallback) const;
  bool flag(const char* key, bool fallback) const;
  std::array<float, 3> channels(const char* key, std::array<float, 3> fallback) const;
  // Returns the object that is the member `key`; an empty one where it is missing.
  ConfigSection section(const char* key) const;

 private:
  const base::Json* value_;
  std::string where_;
};

// Reads the JSON file `name` of a model folder. Throws Error kNotFound, whose message lists the files of a model
// folder.
base::Json read_config_file(const std::filesystem::path& folder, const char* name);

// Returns the activation "quick_gelu", "gelu" or "gelu_pytorch_tanh". Throws Error kUnsupported naming `where` for
// another one.
nn::Activation activation_of(const std::string& name, const std::string& where);

constexpr int kMaxConfigWidth = 1 << 14;
constexpr int kMaxConfigTokens = 4096;
constexpr int kMaxConfigSide = 4096;

}  // namespace clipseek::clip

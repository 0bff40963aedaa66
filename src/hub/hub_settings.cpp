#include "hub/hub_settings.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/mapped_file.h"
#include "clipseek/error.h"

namespace clipseek::hub {
namespace {

namespace fs = std::filesystem;
using Variable = std::function<const char*(const char*)>;

std::string value_of(const Variable& variable, const char* name) {
  const char* value = variable(name);
  return value != nullptr ? value : "";
}

// Returns the value of the first of the variables that is set.
std::string first_of(const Variable& variable, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (std::string value = value_of(variable, name); !value.empty()) return value;
  }
  return {};
}

fs::path home(const Variable& variable) {
  std::string home = value_of(variable, "HOME");
  if (home.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "neither HOME nor HF_HUB_CACHE is set, so there is no folder for models");
  }
  return home;
}

fs::path expanded(const Variable& variable, const std::string& path) {
  if (path == "~") return home(variable);
  if (path.starts_with("~/")) return home(variable) / path.substr(2);
  return path;
}

fs::path hub_home(const Variable& variable) {
  if (std::string value = value_of(variable, "HF_HOME"); !value.empty()) return expanded(variable, value);
  if (std::string value = value_of(variable, "XDG_CACHE_HOME"); !value.empty()) {
    return expanded(variable, value) / "huggingface";
  }
  return home(variable) / ".cache" / "huggingface";
}

fs::path cache_folder(const Variable& variable) {
  std::string value = first_of(variable, {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"});
  return value.empty() ? hub_home(variable) / "hub" : expanded(variable, value);
}

bool is_visible_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string endpoint(const Variable& variable) {
  std::string value = value_of(variable, "HF_ENDPOINT");
  if (value.empty()) return HubSettings().endpoint;
  while (value.ends_with('/')) value.pop_back();
  if (!(value.starts_with("https://") || value.starts_with("http://")) || !is_visible_ascii(value)) {
    throw Error(ErrorCode::kInvalidArgument, "HF_ENDPOINT is not an http or https address: " + value);
  }
  return value;
}

std::string trimmed(const std::string& text) {
  static constexpr const char* kSpace = " \t\r\n";
  std::size_t first = text.find_first_not_of(kSpace);
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string token_from_file(const Variable& variable) {
  static constexpr std::size_t kMaxLength = 64 * 1024;
  std::string value = value_of(variable, "HF_TOKEN_PATH");
  fs::path path;
  if (!value.empty()) {
    path = expanded(variable, value);
  } else if (value_of(variable, "HF_HOME").empty() && value_of(variable, "XDG_CACHE_HOME").empty() &&
             value_of(variable, "HOME").empty()) {
    return {};
  } else {
    path = hub_home(variable) / "token";
  }
  std::error_code error;
  return fs::exists(path, error) ? base::read_text_file(path, kMaxLength) : "";
}

std::string token(const Variable& variable) {
  std::string value = first_of(variable, {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"});
  if (value.empty()) value = token_from_file(variable);
  value = trimmed(value);
  // The token becomes a header line; a line break in it would begin another header.
  if (!is_visible_ascii(value)) {
    throw Error(ErrorCode::kInvalidArgument,
                "HF_TOKEN (or the token file) contains characters that a token cannot have");
  }
  return value;
}

bool is_true(std::string value) {
  std::transform(value.begin(), value.end(), value.begin(), [](char c) { return c >= 'a' && c <= 'z' ? c - 32 : c; });
  return value == "1" || value == "ON" || value == "YES" || value == "TRUE";
}

int stall_seconds(const Variable& variable) {
  std::string value = value_of(variable, "HF_HUB_DOWNLOAD_TIMEOUT");
  if (value.empty()) return HubSettings().stall_seconds;
  int seconds = 0;
  auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error != std::errc() || end != value.data() + value.size() || seconds < 1 || seconds > 3600) {
    throw Error(ErrorCode::kInvalidArgument,
                "HF_HUB_DOWNLOAD_TIMEOUT is not a number of seconds from 1 to 3600: " + value);
  }
  return seconds;
}

}  // namespace

HubSettings hub_settings(const Variable& variable) {
  HubSettings settings;
  settings.endpoint = endpoint(variable);
  settings.token = token(variable);
  settings.cache = cache_folder(variable);
  settings.offline = is_true(first_of(variable, {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"}));
  settings.stall_seconds = stall_seconds(variable);
  return settings;
}

HubSettings hub_settings() {
  return hub_settings([](const char* name) { return std::getenv(name); });
}

}  // namespace clipseek::hub

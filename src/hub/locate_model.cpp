#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/binary_path.h"
#include "base/file_status.h"
#include "clipseek/error.h"
#include "clipseek/model.h"
#include "hub/model_reference.h"
#include "hub/pull.h"

namespace clipseek {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBundled = "tiny";

// Returns the folders of the models that come with clipseek: share/clipseek/models of the prefix in which the program
// is installed (as bin/clipseek or lib/PACKAGE/NODE) or libclipseek (in lib/ or lib/ARCHITECTURE/), and the folder in
// the source tree from which it was built.
std::vector<fs::path> bundled_model_folders() {
  std::vector<fs::path> homes;
  if (const auto binary = base::binary_path()) {
    const fs::path above = binary->parent_path().parent_path();
    for (const fs::path& prefix : {above, above.parent_path()}) homes.push_back(prefix / "share/clipseek/models");
  }
  homes.emplace_back(CLIPSEEK_SOURCE_MODELS);
  return homes;
}

bool is_model(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder / "config.json", error);
}

std::vector<std::string> bundled_names() {
  std::vector<std::string> names;
  for (const fs::path& home : bundled_model_folders()) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(home, error)) {
      if (is_model(entry.path())) names.push_back(entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "none" : text;
}

// Returns the model to use where the caller names none.
std::string default_model() {
  const char* variable = std::getenv("CLIPSEEK_MODEL");
  return variable != nullptr && *variable != '\0' ? variable : kBundled;
}

std::string not_found_message(const std::string& model) {
  std::string message = "no model \"" + model +
                        "\": it is neither a folder, nor one of the models that come with clipseek (" +
                        join(bundled_names()) + "), nor a model of the hub";
  std::vector<std::string> near = hub::near_model_names(model);
  return near.empty() ? message : message + "; the nearest names there: " + join(near);
}

}  // namespace

std::filesystem::path locate_model(const std::string& model) {
  const std::string wanted = model.empty() ? default_model() : model;
  std::error_code error;
  if (fs::is_directory(wanted, error)) return wanted;
  const bool has_slash = wanted.find('/') != std::string::npos;
  if (!has_slash) {
    for (const fs::path& home : bundled_model_folders()) {
      if (is_model(home / wanted)) return home / wanted;
    }
  }
  if (has_slash) base::file_type_at(wanted);  // throws where it may be a folder that this process cannot reach
  if (hub::parse_model_name(wanted)) return hub::require_pulled_model(wanted);
  throw Error(ErrorCode::kNotFound, not_found_message(wanted));
}

}  // namespace clipseek

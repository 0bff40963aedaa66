#include "clip/model_folder.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "base/file_status.h"
#include "clipseek/error.h"

namespace clipseek::clip {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBundled = "tiny";

// Where the models that come with clipseek lie: share/clipseek/models of the prefix that the program is installed in
// (as bin/clipseek or lib/PACKAGE/NODE), or the source tree that it was built from.
std::vector<fs::path> model_homes() {
  std::error_code error;
  fs::path program = fs::read_symlink("/proc/self/exe", error);
  std::vector<fs::path> homes;
  if (!error) {
    fs::path above = program.parent_path().parent_path();
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
  for (const fs::path& home : model_homes()) {
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

}  // namespace

fs::path find_model(const std::string& model) {
  std::string wanted = model;
  if (wanted.empty()) {
    const char* variable = std::getenv("CLIPSEEK_MODEL");
    wanted = variable != nullptr ? variable : "";
  }
  if (wanted.empty()) wanted = kBundled;
  std::error_code error;
  if (fs::is_directory(wanted, error)) return wanted;
  if (wanted.find('/') == std::string::npos) {
    for (const fs::path& home : model_homes()) {
      if (is_model(home / wanted)) return home / wanted;
    }
  }
  base::file_type_at(wanted);  // throws where it may be a folder out of reach
  throw Error(ErrorCode::kNotFound, "no model \"" + wanted +
                                        "\": it is neither a folder nor one of the models that come "
                                        "with clipseek (" +
                                        join(bundled_names()) + ")");
}

}  // namespace clipseek::clip

#include "web/roots.h"

#include <algorithm>

#include "base/system_error.h"
#include "catalog/picture_scan.h"
#include "clipseek/error.h"
#include "http/message.h"

namespace clipseek::web {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMaxFolders = 1000;
constexpr std::size_t kMaxEntries = 100'000;  // that are examined, files included

[[noreturn]] void outside(const std::string& path) {
  throw http::StatusError(403, "outside_roots",
                          path + " is not below a folder that this server may index (clipseek serve --root DIR)");
}

}  // namespace

Roots::Roots(const std::vector<fs::path>& roots) {
  for (const fs::path& root : roots) {
    std::error_code error;
    if (!fs::is_directory(root, error)) throw Error(ErrorCode::kNotFound, "there is no folder " + root.string());
    roots_.push_back(std::move(catalog::resolve_roots({root}).good.front()));
    real_.push_back(fs::canonical(root).string());
  }
}

bool Roots::contains(const std::string& real_path) const {
  return std::any_of(real_.begin(), real_.end(),
                     [&](const std::string& root) { return catalog::is_below(real_path, root); });
}

std::string Roots::allowed(const std::string& path) const {
  if (path.empty() || path.front() != '/' || path.find('\0') != std::string::npos) outside("'" + path + "'");
  std::string normal = fs::path(path).lexically_normal().string();
  if (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  auto below = [&](const std::string& root) { return catalog::is_below(normal, root); };
  bool named_below = std::any_of(roots_.begin(), roots_.end(), below) || contains(normal);
  std::error_code error;
  fs::path real = fs::canonical(normal, error);
  if (error && named_below) throw http::StatusError(404, "not_found", "there is no folder " + path);
  if (error || !contains(real.string())) outside(path);
  return normal;
}

Roots::Listing Roots::folders_in(const std::string& path) const {
  std::string folder = allowed(path);
  std::error_code error;
  if (!fs::is_directory(folder, error)) throw http::StatusError(404, "not_found", "there is no folder " + path);
  Listing listing;
  std::size_t seen = 0;
  fs::directory_iterator iterator(folder, error);
  if (error) throw base::system_error("read the folder", folder, error.value());
  for (; !error && iterator != fs::directory_iterator(); iterator.increment(error)) {
    if (++seen > kMaxEntries) {
      listing.more = true;
      break;
    }
    std::error_code ignored;
    std::string name = iterator->path().filename().string();
    if (name.starts_with('.') || !iterator->is_directory(ignored)) continue;
    fs::path real = fs::canonical(iterator->path(), ignored);
    if (!ignored && contains(real.string())) listing.folders.push_back(iterator->path().string());
  }
  std::sort(listing.folders.begin(), listing.folders.end());
  if (listing.folders.size() > kMaxFolders) {
    listing.folders.resize(kMaxFolders);
    listing.more = true;
  }
  return listing;
}

}  // namespace clipseek::web

#include "catalog/picture_scan.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <optional>
#include <set>
#include <string_view>

#include "base/ascii.h"
#include "base/system_error.h"
#include "base/unique_fd.h"
#include "catalog/result_links.h"
#include "catalog/result_manifest.h"
#include "clipseek/picture.h"

namespace clipseek::catalog {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 14> kExtensions{"jpg", "jpeg", "jpe", "jfif", "png",  "webp", "gif",
                                                       "bmp", "dib",  "tif", "tiff", "heic", "heif", "avif"};

enum class Extension { kPicture, kNone, kOther };

Extension extension_of(std::string_view path) {
  std::string_view name = path.substr(path.find_last_of('/') + 1);
  std::size_t dot = name.find_last_of('.');
  if (dot == std::string_view::npos) return Extension::kNone;
  const std::string extension = base::ascii_lower(name.substr(dot + 1));
  bool known = std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
  return known ? Extension::kPicture : Extension::kOther;
}

// Follows links. Returns std::nullopt on failure; errno then holds the reason.
std::optional<struct stat> status_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

class Walk {
 public:
  explicit Walk(const ScanCallbacks& callbacks) : callbacks_(callbacks) {}

  void run(const std::vector<std::string>& roots) {
    for (auto root = roots.rbegin(); root != roots.rend(); ++root) {
      auto status = status_of(*root);
      if (status && S_ISDIR(status->st_mode)) folders_.push_back(*root);
    }
    for (const std::string& root : roots) {
      auto status = status_of(root);
      if (status && !S_ISDIR(status->st_mode) && named_.insert(root).second) report(root, *status, true);
    }
    while (auto folder = next_folder()) {
      if (callbacks_.stop()) return;
      enter(*folder);
    }
  }

 private:
  struct Entry {
    std::string path;
    fs::file_type type;
  };

  std::optional<std::string> next_folder() {
    std::optional<std::string> folder;
    if (!folders_.empty()) {
      folder = std::move(folders_.back());
      folders_.pop_back();
    } else if (!linked_.empty()) {
      folder = std::move(linked_.front());
      linked_.pop_front();
    }
    return folder;
  }

  void enter(const std::string& folder) {
    auto status = status_of(folder);
    if (!status) return callbacks_.failure(folder, base::system_error("open the folder", folder, errno));
    if (!visited_.insert({status->st_dev, status->st_ino}).second) return;
    std::vector<Entry> entries = read_folder(folder);
    std::error_code error;
    if (fs::exists(fs::path(folder) / kManifestName, error)) skip_results(folder, entries);
    // Folders are pushed onto the stack in reverse order, so that they are popped in the order of their names.
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
      if (entry->type == fs::file_type::directory) folders_.push_back(entry->path);
    }
    for (const Entry& entry : entries) {
      if (callbacks_.stop()) return;
      if (entry.type != fs::file_type::directory) consider(entry);
    }
  }

  // Removes what `search --links` or clip_manage made in `folder`: links to indexed pictures, and thumbnails.
  static void skip_results(const std::string& folder, std::vector<Entry>& entries) {
    std::set<std::string> thumbnails;
    for (const auto& [number, url] : result_thumbnails(folder)) {
      thumbnails.insert((fs::path(folder) / result_name(number)).string());
    }
    std::erase_if(entries, [&](const Entry& entry) {
      return entry.type == fs::file_type::symlink || thumbnails.contains(entry.path);
    });
  }

  // Returns the entries in the order of their names, without those that begin with ".". After a read error, it returns
  // the entries that were read before it.
  std::vector<Entry> read_folder(const std::string& folder) {
    std::vector<Entry> entries;
    std::error_code error;
    fs::directory_iterator iterator(folder, error);
    for (; !error && iterator != fs::directory_iterator(); iterator.increment(error)) {
      std::string path = iterator->path().string();
      if (path[path.find_last_of('/') + 1] == '.') continue;
      entries.push_back({std::move(path), type_of(*iterator)});
    }
    if (error) callbacks_.failure(folder, base::system_error("read the folder", folder, error.value()));
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
    return entries;
  }

  // Returns the type of the entry itself; links are not followed. The folder's listing usually contains the type, which
  // matters for a folder without execute permission: stat() fails on its entries. Returns `none` where the listing does
  // not contain the type and stat() fails.
  static fs::file_type type_of(const fs::directory_entry& entry) {
    std::error_code error;
    if (entry.is_symlink(error)) return fs::file_type::symlink;
    if (error) return fs::file_type::none;
    return entry.is_directory(error) ? fs::file_type::directory : fs::file_type::unknown;
  }

  void consider(const Entry& entry) {
    Extension extension = extension_of(entry.path);
    bool may_be_folder = entry.type == fs::file_type::symlink || entry.type == fs::file_type::none;
    if ((extension == Extension::kOther && !may_be_folder) || named_.contains(entry.path)) return;
    auto status = status_of(entry.path);
    if (!status) {
      int reason = errno;
      bool dangling = reason == ENOENT || reason == ENOTDIR;  // matters only for a link with a picture's name
      bool matters = extension == Extension::kPicture || !dangling;
      if (matters) callbacks_.failure(entry.path, base::system_error("read", entry.path, reason));
    } else if (S_ISDIR(status->st_mode)) {
      linked_.push_back(entry.path);
    } else if (extension == Extension::kPicture || (extension == Extension::kNone && S_ISREG(status->st_mode))) {
      report(entry.path, *status, false);
    }
  }

  void report(const std::string& path, const struct stat& status, bool named) {
    callbacks_.file({path,
                     status.st_size,
                     std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
                     {status.st_dev, status.st_ino},
                     named,
                     extension_of(path) == Extension::kPicture});
  }

  const ScanCallbacks& callbacks_;
  std::vector<std::string> folders_;  // a stack
  std::deque<std::string> linked_;    // folders reached through a link, which are read after all others
  std::set<FileIdentity> visited_;
  std::set<std::string> named_;
};

std::string absolute_root(const fs::path& path) {
  std::error_code error;
  fs::path absolute = fs::absolute(path, error);
  if (path.empty()) throw Error(ErrorCode::kInvalidArgument, "a path to index is empty");
  if (error) throw base::system_error("find the current folder for", path.string(), error.value());
  std::string root = absolute.lexically_normal().string();
  if (root.size() > 1 && root.ends_with('/')) root.pop_back();
  return root;
}

// Returns why the root cannot be read; std::nullopt if it can.
std::optional<Error> read_error_of(const std::string& root) {
  auto status = status_of(root);
  if (!status) return base::system_error("index", root, errno);
  if (!S_ISDIR(status->st_mode)) return std::nullopt;
  std::error_code error;
  fs::directory_iterator probe(root, error);
  if (error) return base::system_error("read the folder", root, error.value());
  return std::nullopt;
}

Error combined_error(const std::vector<BadRoot>& bad) {
  std::string message;
  for (const BadRoot& root : bad) message += (message.empty() ? "" : "; ") + std::string(root.error.what());
  return {bad.front().error.code(), message};
}

}  // namespace

IndexRoots resolve_roots(const std::vector<fs::path>& paths) {
  if (paths.empty()) throw Error(ErrorCode::kInvalidArgument, "no folder or file to index");
  IndexRoots roots;
  for (const fs::path& path : paths) {
    std::string root = absolute_root(path);
    if (auto error = read_error_of(root)) {
      roots.bad.push_back({std::move(root), *std::move(error)});
    } else {
      roots.good.push_back(std::move(root));
    }
  }
  if (roots.good.empty()) throw combined_error(roots.bad);
  return roots;
}

void scan_pictures(const std::vector<std::string>& roots, const ScanCallbacks& callbacks) {
  Walk(callbacks).run(roots);
}

bool has_picture_extension(std::string_view name) {
  return extension_of(name) == Extension::kPicture;
}

bool begins_like_picture(const std::string& path) {
  const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return false;
  std::array<std::byte, 16> head{};
  ssize_t size = ::pread(file.get(), head.data(), head.size(), 0);
  if (size <= 0) return false;
  return picture_format({head.data(), static_cast<std::size_t>(size)}) != PictureFormat::kUnknown;
}

bool is_below(const std::string& path, const std::string& root) {
  if (!path.starts_with(root)) return false;
  return path.size() == root.size() || root.ends_with('/') || path[root.size()] == '/';
}

bool has_vanished(const std::string& path) {
  return !status_of(path) && (errno == ENOENT || errno == ENOTDIR);
}

}  // namespace clipseek::catalog

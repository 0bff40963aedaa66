// Finding the pictures below folders. Knows the file system only, not the database.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clipseek/error.h"

namespace clipseek::catalog {

// Device and inode: one file, whatever path leads to it.
using FileIdentity = std::pair<std::uint64_t, std::uint64_t>;

struct FoundFile {
  std::string path;  // absolute and lexically normal, links not resolved
  std::int64_t size = 0;
  std::int64_t mtime_ns = 0;
  FileIdentity identity;
  bool named = false;              // given by the caller, not found in a folder
  bool picture_extension = false;  // otherwise the file has none, and only its content can tell
};

struct ScanCallbacks {
  std::function<void(const FoundFile& file)> file;
  // A folder that cannot be read, what cannot be looked at, or a picture's link that leads nowhere.
  std::function<void(const std::string& path, const Error& error)> failure;
  std::function<bool()> stop;
};

// The given paths as absolute and lexically normal ones.
struct BadRoot {
  std::string path;
  Error error;
};
struct IndexRoots {
  std::vector<std::string> good;
  std::vector<BadRoot> bad;  // does not exist, or is a folder that cannot be read
};
// Throws Error, naming all, when none is good.
IndexRoots resolve_roots(const std::vector<std::filesystem::path>& paths);

// Reports every candidate below `roots` (the good ones of resolve_roots): files with a picture's extension or with
// none, and each root that is a file. Skips names that begin with "." and, in a folder that `search --links` filled,
// symbolic links. Every folder is read once, however many links lead to it, those that need no link first: a loop of
// links ends.
void scan_pictures(const std::vector<std::string>& roots, const ScanCallbacks& callbacks);

// Whether `name` ends as a picture's file name does (".jpg", ".PNG").
bool has_picture_extension(std::string_view name);

// Whether a file's first bytes are a picture's. False when it cannot be read.
bool begins_like_picture(const std::string& path);

// Whether `path` is `root` or below it.
bool is_below(const std::string& path, const std::string& root);

// Whether there is certainly no such file any more: a folder that may not be entered, or a device that fails, hides
// files that may well be there.
bool has_vanished(const std::string& path);

}  // namespace clipseek::catalog

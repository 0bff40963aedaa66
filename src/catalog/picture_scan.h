// Finds the pictures below folders. Uses only the file system, not the database.
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

// Device and inode, which identify a file independently of its path.
using FileIdentity = std::pair<std::uint64_t, std::uint64_t>;

struct FoundFile {
  std::string path;  // absolute and lexically normal, links not resolved
  std::int64_t size = 0;
  std::int64_t mtime_ns = 0;
  FileIdentity identity;
  bool named = false;              // given by the caller, not found in a folder
  bool picture_extension = false;  // if false, only the content shows whether it is a picture
};

struct ScanCallbacks {
  std::function<void(const FoundFile& file)> file;
  // Called for a folder that cannot be read, an entry whose stat() fails, and a dangling link with a picture's name.
  std::function<void(const std::string& path, const Error& error)> failure;
  std::function<bool()> stop;
};

// A root that does not exist, or a folder that cannot be read.
struct BadRoot {
  std::string path;
  Error error;
};
struct IndexRoots {
  std::vector<std::string> good;
  std::vector<BadRoot> bad;
};
// Makes the paths absolute and lexically normal. Throws an Error that names all of them if none can be indexed.
IndexRoots resolve_roots(const std::vector<std::filesystem::path>& paths);

// Reports every candidate below `roots` (IndexRoots::good): files with a picture's extension or with none, and each
// root that is a file. Skips names that begin with "." and, in a folder that `search --links` filled, symbolic links
// and the thumbnails of Observations. Every folder is read once, even if several links or a cycle of links lead to it;
// folders that are reached without a link are read first.
void scan_pictures(const std::vector<std::string>& roots, const ScanCallbacks& callbacks);

// Returns whether `name` ends with the extension of a picture format (".jpg", ".PNG").
bool has_picture_extension(std::string_view name);

// Returns whether the file begins with the signature of a picture format; false if it cannot be read.
bool begins_like_picture(const std::string& path);

// Returns whether `path` is `root` or below it.
bool is_below(const std::string& path, const std::string& root);

// Returns whether the file certainly does not exist. A folder without execute permission or a failing device hides
// files that may still exist; those have not vanished.
bool has_vanished(const std::string& path);

}  // namespace clipseek::catalog

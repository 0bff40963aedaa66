// The folders that may be indexed over HTTP. Internal to web/.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace clipseek::web {

class Roots {
 public:
  // Throws Error for a root that is not a folder.
  explicit Roots(const std::vector<std::filesystem::path>& roots);

  const std::vector<std::string>& all() const { return roots_; }

  // Returns the path as clipseek index stores it (absolute, normal) if it is a root or below one after links are
  // resolved. Throws StatusError 404 for a missing path below a root, and 403 outside_roots for every other path,
  // whether it exists or not: clients must not learn which files exist outside the roots.
  std::string allowed(const std::string& path) const;

  struct Listing {
    std::vector<std::string> folders;  // full paths, sorted
    bool more = false;                 // the list is not complete
  };
  // Returns the folders directly below `path`, without those that begin with "." and links that lead out of the roots.
  Listing folders_in(const std::string& path) const;

 private:
  bool contains(const std::string& real_path) const;

  std::vector<std::string> roots_;  // absolute and normal, in the order given
  std::vector<std::string> real_;   // the same with links resolved
};

}  // namespace clipseek::web

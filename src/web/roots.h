// The folders that may be indexed over HTTP. Internal to web/.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace clipseek::web {

class Roots {
 public:
  // Throws Error for one that is no folder.
  explicit Roots(const std::vector<std::filesystem::path>& roots);

  const std::vector<std::string>& all() const { return roots_; }

  // The path as clipseek index stores it (absolute, normal), once it is certain that it, its links followed, is a root
  // or below one. Throws StatusError 403 outside_roots otherwise, and that for a path that does not exist outside of
  // them too: nobody learns what there is elsewhere. Throws StatusError 404 for one that does not exist below.
  std::string allowed(const std::string& path) const;

  struct Listing {
    std::vector<std::string> folders;  // full paths, by name
    bool more = false;                 // there are others
  };
  // The folders directly below `path` that do not begin with ".", links that lead outside left out.
  Listing folders_in(const std::string& path) const;

 private:
  bool contains(const std::string& real_path) const;

  std::vector<std::string> roots_;  // absolute and normal, in the order given
  std::vector<std::string> real_;   // the same, links resolved
};

}  // namespace clipseek::web

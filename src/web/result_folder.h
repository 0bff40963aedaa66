// A folder of links that clip_manage or `clipseek search --links` wrote; 0.jpg is the best hit. Internal to web/.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "base/json.h"
#include "catalog/library.h"
#include "http/message.h"

namespace clipseek::web {

// Thread-safe.
class ResultFolder {
 public:
  // `folder` may be empty (the server shows no result folder) and need not exist yet.
  ResultFolder(const std::filesystem::path& folder, const catalog::Library& library);

  bool shown() const { return !folder_.empty(); }
  const std::string& folder() const { return folder_; }

  struct Content {
    std::string version;
    base::Json json;  // the answer of GET /api/results in docs/http-api.md
  };
  Content read() const;
  // Changes whenever the result of read() changes, and is cheaper.
  std::string version() const;

 private:
  std::string folder_;
  const catalog::Library& library_;
};

}  // namespace clipseek::web

// A folder of links that clip_manage or `clipseek search --links` wrote: 0.jpg is the best. Internal to web/.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "base/json.h"
#include "catalog/library.h"
#include "http/message.h"

namespace clipseek::web {

// Any thread.
class ResultFolder {
 public:
  // `folder` may be empty (there is none to show) and may not exist yet.
  ResultFolder(const std::filesystem::path& folder, const catalog::Library& library);

  bool shown() const { return !folder_.empty(); }
  const std::string& folder() const { return folder_; }

  struct Content {
    std::string version;
    base::Json json;  // as docs/http-api.md says
  };
  Content read() const;
  // Changes when read() would; cheap.
  std::string version() const;

 private:
  std::string folder_;
  const catalog::Library& library_;
};

}  // namespace clipseek::web

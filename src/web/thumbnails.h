// Thumbnails, each made once and kept as long as there is room. Internal to web/.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "base/lru_cache.h"
#include "base/semaphore.h"
#include "clipseek/catalog.h"

namespace clipseek::web {

// Any thread.
class Thumbnails {
 public:
  explicit Thumbnails(std::size_t most_bytes);

  // A JPEG whose longer side has at most `side` pixels. `tag` tells one content of the file from another. Throws Error
  // when the file cannot be read or is no picture.
  std::shared_ptr<const std::string> get(const SearchHit& item, const std::string& tag, int side);

  std::size_t bytes() const { return made_.weight(); }

  // From now on get() makes no further thumbnail and throws Error kUnavailable.
  void stop() { permits_.close("the server is stopping"); }

 private:
  // While one lives, others that want the same thumbnail wait.
  class Making;

  base::LruCache<std::shared_ptr<const std::string>> made_;
  base::Semaphore permits_;
  std::mutex mutex_;
  std::condition_variable finished_;
  std::set<std::string> being_made_;
};

}  // namespace clipseek::web

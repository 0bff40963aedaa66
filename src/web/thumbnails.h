// A cache of thumbnails, each of which is generated once. Internal to web/.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "base/lru_cache.h"
#include "base/semaphore.h"
#include "clipseek/catalog.h"

namespace clipseek::web {

// Thread-safe.
class Thumbnails {
 public:
  explicit Thumbnails(std::size_t max_bytes);

  // Returns a JPEG whose longer side has at most `side` pixels. `tag` identifies the file's content. Throws Error when
  // the file cannot be read or is not a picture.
  std::shared_ptr<const std::string> get(const SearchHit& item, const std::string& tag, int side);
  // The same for an item that is not a file, from the thumbnail that is stored with it: that itself if it is small
  // enough.
  std::shared_ptr<const std::string> get_stored(const SearchHit& item, std::string jpeg, const std::string& tag,
                                                int side);

  std::size_t bytes() const { return cache_.weight(); }

  // From now on get() generates no further thumbnail and throws Error kUnavailable; called when the server stops.
  void stop() { permits_.close("the server is stopping"); }

 private:
  // While one exists, other threads that need the same thumbnail wait.
  class Making;
  std::shared_ptr<const std::string> cached(const std::string& key, const std::function<std::string()>& make);

  base::LruCache<std::shared_ptr<const std::string>> cache_;
  base::Semaphore permits_;
  std::mutex mutex_;
  std::condition_variable finished_;
  std::set<std::string> in_progress_;
};

}  // namespace clipseek::web

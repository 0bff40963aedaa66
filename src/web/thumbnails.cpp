#include "web/thumbnails.h"

#include <utility>

#include "base/mapped_file.h"
#include "base/parallel.h"
#include "image/limits.h"
#include "image/thumbnail.h"

namespace clipseek::web {
namespace {

std::string key_of(const SearchHit& item, const std::string& tag, int side) {
  return std::to_string(item.id) + " " + std::to_string(side) + " " + tag;
}

}  // namespace

class Thumbnails::Making {
 public:
  Making(Thumbnails& all, const std::string& key) : all_(all), key_(key) {
    std::unique_lock lock(all_.mutex_);
    all_.finished_.wait(lock, [&] { return all_.in_progress_.insert(key_).second; });
  }
  ~Making() {
    {
      std::lock_guard lock(all_.mutex_);
      all_.in_progress_.erase(key_);
    }
    all_.finished_.notify_all();
  }
  Making(const Making&) = delete;
  Making& operator=(const Making&) = delete;

 private:
  Thumbnails& all_;
  const std::string& key_;
};

Thumbnails::Thumbnails(std::size_t max_bytes) : cache_(max_bytes), permits_(base::available_cores()) {}

std::shared_ptr<const std::string> Thumbnails::get(const SearchHit& item, const std::string& tag, int side) {
  return cached(key_of(item, tag, side), [&] {
    return image::make_thumbnail(base::read_file(item.path, image::kMaxPictureBytes), item.path, side);
  });
}

std::shared_ptr<const std::string> Thumbnails::get_stored(const SearchHit& item, std::string jpeg,
                                                          const std::string& tag, int side) {
  return cached(key_of(item, tag, side), [&] {
    DecodeOptions limits;
    limits.max_pixels = image::kMaxThumbnailPixels;
    return image::shrink_jpeg(std::move(jpeg), "the thumbnail of " + item.path, side, limits);
  });
}

std::shared_ptr<const std::string> Thumbnails::cached(const std::string& key,
                                                      const std::function<std::string()>& make) {
  if (auto known = cache_.find(key)) return *known;
  Making making(*this, key);
  if (auto known = cache_.find(key)) return *known;
  base::Permit permit(permits_);
  auto thumbnail = std::make_shared<const std::string>(make());
  cache_.put(key, thumbnail, thumbnail->size() + key.size() + 128);  // 128 bytes for the cache's own nodes
  return thumbnail;
}

}  // namespace clipseek::web

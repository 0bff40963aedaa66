// Stores the Observations of a Catalog. Internal to catalog/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>

#include "clipseek/catalog.h"
#include "store/store.h"

namespace clipseek::catalog {

// Returns whether `bytes` begins as a JPEG and is at most kMaxThumbnailBytes long.
bool is_thumbnail(std::string_view bytes);

// Thread-safe. The functions throw as those of Catalog.
class ObservationWriter {
 public:
  ObservationWriter(std::filesystem::path database, EncoderInfo model);

  bool store(const Observation& observation);
  std::size_t trim_thumbnails(const ThumbnailLimits& limits);

 private:
  store::Store& open();

  std::filesystem::path database_;
  EncoderInfo info_;
  std::mutex mutex_;
  std::unique_ptr<store::Store> store_;  // opened by the first call
  std::int64_t model_id_ = 0;
};

}  // namespace clipseek::catalog

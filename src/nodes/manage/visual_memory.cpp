#include "nodes/manage/visual_memory.h"

#include <bit>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "catalog/topic_url.h"
#include "clipseek/picture.h"
#include "image/limits.h"
#include "nodes/manage/remote_run.h"
#include "nodes/shared/data_url.h"
#include "nodes/shared/item_extra.h"
#include "nodes/shared/log_text.h"

namespace clipseek::nodes {
namespace {

constexpr std::size_t kMaxBytes = 4096;  // of the url, and of all extra entries together
constexpr std::size_t kMaxCameras = 64;
// Of one tick. A picture that is to be stored may have to wait for all of them, because the lock is not fair.
constexpr int kTrimSteps = 16;

// Identifies a camera by the topic and the frame of its pictures.
std::string camera_of(const ClipItem& item) {
  return item.url.substr(0, item.url.rfind('/')) + '\n' + find_extra(item, kFrameKey);
}

bool is_thumbnail(std::string_view entry) {
  return entry.starts_with(kThumbnailKey) && entry.substr(kThumbnailKey.size()).starts_with('=');
}

// The database column holds the entries separated by commas. The thumbnail is stored separately.
std::string joined_extra(const ClipItem& item) {
  std::string joined;
  for (std::string entry : item.extra) {
    if (is_thumbnail(entry)) continue;
    for (char& c : entry) {
      if (c == ',') c = '_';
    }
    joined += (joined.empty() ? "" : ",") + entry;
  }
  return joined;
}

// The item's stamp in ms; the current time if it has no valid one.
std::int64_t observed_ms(const ClipItem& item) {
  double seconds = std::strtod(find_extra(item, kStampKey).c_str(), nullptr);
  constexpr double kMaxSeconds = 4'294'967'296;
  if (seconds > 0 && seconds < kMaxSeconds) return static_cast<std::int64_t>(seconds * 1000);
  return base::now_ms();
}

// Returns the JPEG in a data URL. Throws Error if it is not one, is too large or cannot be decoded.
std::string decoded_thumbnail(std::string_view url) {
  constexpr std::string_view kStart = "data:image/jpeg;base64,";
  constexpr std::size_t kMaxUrl = kStart.size() + (kMaxThumbnailBytes + 2) / 3 * 4;
  DecodeOptions limits;
  limits.max_pixels = image::kMaxThumbnailPixels;
  if (!url.starts_with(kStart)) throw Error(ErrorCode::kCorrupt, "it is not a JPEG in a data URL");
  // A URL of the largest length may still have a byte too many, as it may have padding.
  std::vector<std::byte> bytes;
  if (url.size() <= kMaxUrl) bytes = decode_data_url(url);
  if (url.size() > kMaxUrl || bytes.size() > kMaxThumbnailBytes) {
    throw Error(ErrorCode::kLimitExceeded, "it has more than " + std::to_string(kMaxThumbnailBytes) + " bytes");
  }
  if (picture_format(bytes) != PictureFormat::kJpeg) throw Error(ErrorCode::kUnsupported, "it is not a JPEG");
  decode_picture(bytes, "it", limits);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

VisualMemory::VisualMemory(Catalog& catalog, EncoderInfo model, float threshold, const ThumbnailLimits& thumbnails,
                           ros2::Logger& logger)
    : catalog_(catalog),
      model_(std::move(model)),
      threshold_(threshold),
      thumbnails_(thumbnails),
      logger_(logger),
      meter_(std::chrono::steady_clock::now()),
      items_(catalog.stats().items) {}

void VisualMemory::check(const ClipItem& item) const {
  std::size_t extra = 0;
  bool thumbnail = false;  // one entry may be longer
  for (const std::string& entry : item.extra) {
    if (!thumbnail && is_thumbnail(entry)) {
      thumbnail = true;
    } else {
      extra += entry.size() + 1;
    }
  }
  if (item.url.size() > kMaxBytes || extra > kMaxBytes) {
    throw Error(ErrorCode::kLimitExceeded, "the item has more than " + std::to_string(kMaxBytes) + " bytes of text");
  }
  if (!item.type || !catalog::is_topic_url(item.url)) {
    throw Error(ErrorCode::kInvalidArgument, "'" + sanitized(item.url) + "' is not a picture of a topic");
  }
  if (find_extra(item, kModelKey).empty())
    throw Error(ErrorCode::kModelMismatch, "the item does not name its model in extra");
  check_model(item, model_);
}

bool VisualMemory::is_near_duplicate(const std::string& camera, const Embedding& embedding) const {
  auto last = last_stored_.find(camera);
  if (last == last_stored_.end() || last->second.size() != embedding.size()) return false;
  const Embedding& before = last->second;
  return std::inner_product(before.begin(), before.end(), embedding.begin(), 0.0F) >= threshold_;
}

std::string VisualMemory::checked_thumbnail(const ClipItem& item) {
  std::string url = find_extra(item, kThumbnailKey);
  if (url.empty()) return "";
  try {
    return decoded_thumbnail(url);
  } catch (const Error& error) {
    std::uint64_t count = meter_.add_refused_thumbnail();
    if (std::has_single_bit(count)) {
      logger_.warn("thumbnail " + std::to_string(count) + " of the topic ignored: " + sanitized(item.url) + ": " +
                   error.what());
    }
    return "";
  }
}

bool VisualMemory::take(const ClipItem& item) {
  try {
    check(item);
    Observation picture{
        item.url,          to_embedding(item.feature), find_size(item, kWidthKey), find_size(item, kHeightKey),
        observed_ms(item), joined_extra(item)};
    std::string camera = camera_of(item);
    if (is_near_duplicate(camera, picture.embedding)) {
      meter_.add_near_duplicate();
      return false;
    }
    picture.thumbnail = checked_thumbnail(item);
    if (catalog_.store_observation(picture)) ++items_;
    meter_.add_stored();
    logger_.info("Stored keyframe " + sanitized(item.url) + ", current num of database: " + std::to_string(items_));
    if (!last_stored_.contains(camera) && last_stored_.size() >= kMaxCameras) last_stored_.clear();
    last_stored_[camera] = std::move(picture.embedding);
    if (!picture.thumbnail.empty()) catalog_.trim_thumbnails(thumbnails_);
    return true;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kStorage) throw;
    std::uint64_t count = meter_.add_refused();
    if (std::has_single_bit(count)) {
      logger_.warn("item " + std::to_string(count) + " of the topic ignored: " + error.what());
    }
    return false;
  }
}

void VisualMemory::tick(KeyframeMeter::Time now, const std::stop_token& stop) {
  try {
    for (int step = 0; step < kTrimSteps && !stop.stop_requested(); ++step) {
      if (catalog_.trim_thumbnails(thumbnails_) == 0) break;
    }
    std::optional<std::string> line = meter_.line(now);
    if (!line) return;
    CatalogStats stats = catalog_.stats();
    items_ = stats.items;
    logger_.warn(*line + "; current num of database: " + std::to_string(stats.items) + ", " + thumbnail_text(stats));
  } catch (const Error& error) {
    logger_.error(error.what());
  }
}

}  // namespace clipseek::nodes

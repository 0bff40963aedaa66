#include "nodes/manage/visual_memory.h"

#include <bit>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "base/clock.h"
#include "nodes/manage/remote_run.h"
#include "nodes/shared/item_extra.h"
#include "nodes/shared/log_text.h"

namespace clipseek::nodes {
namespace {

constexpr std::string_view kScheme = "ros:";
constexpr std::size_t kMaxBytes = 4096;  // of the url, and of all extra entries together
constexpr std::size_t kMaxCameras = 64;

// Identifies a camera by the topic and the frame of its pictures.
std::string camera_of(const ClipItem& item) {
  return item.url.substr(0, item.url.rfind('/')) + '\n' + find_extra(item, kFrameKey);
}

// The database column holds the entries separated by commas.
std::string joined_extra(const ClipItem& item) {
  std::string joined;
  for (std::string entry : item.extra) {
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

}  // namespace

VisualMemory::VisualMemory(Catalog& catalog, EncoderInfo model, float threshold, ros2::Logger& logger)
    : catalog_(catalog), model_(std::move(model)), threshold_(threshold), logger_(logger) {}

void VisualMemory::check(const ClipItem& item) const {
  std::size_t extra = 0;
  for (const std::string& entry : item.extra) extra += entry.size() + 1;
  if (item.url.size() > kMaxBytes || extra > kMaxBytes) {
    throw Error(ErrorCode::kLimitExceeded, "the item has more than " + std::to_string(kMaxBytes) + " bytes of text");
  }
  if (!item.type || !item.url.starts_with(kScheme)) {
    throw Error(ErrorCode::kInvalidArgument, "'" + sanitized(item.url) + "' is not a picture of a topic");
  }
  if (find_extra(item, kModelKey).empty())
    throw Error(ErrorCode::kModelMismatch, "the item does not name its model in extra");
  check_model(item, model_);
}

bool VisualMemory::take(const ClipItem& item) {
  try {
    check(item);
    Observation picture{
        item.url,          to_embedding(item.feature), find_size(item, kWidthKey), find_size(item, kHeightKey),
        observed_ms(item), joined_extra(item)};
    std::string camera = camera_of(item);
    auto last = last_stored_.find(camera);
    if (last != last_stored_.end() && last->second.size() == picture.embedding.size()) {
      const Embedding& before = last->second;
      float cosine = std::inner_product(before.begin(), before.end(), picture.embedding.begin(), 0.0F);
      if (cosine >= threshold_) return false;
    }
    catalog_.store_observation(picture);
    if (last == last_stored_.end() && last_stored_.size() >= kMaxCameras) last_stored_.clear();
    last_stored_[camera] = std::move(picture.embedding);
    return true;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kStorage) throw;
    if (std::has_single_bit(++rejected_)) {
      logger_.warn("item " + std::to_string(rejected_) + " of the topic ignored: " + error.what());
    }
    return false;
  }
}

}  // namespace clipseek::nodes

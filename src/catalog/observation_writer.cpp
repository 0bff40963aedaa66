#include "catalog/observation_writer.h"

#include <limits>
#include <utility>

#include "base/clock.h"
#include "catalog/unit_vector.h"
#include "clipseek/picture.h"

namespace clipseek::catalog {
namespace {

// One transaction deletes at most this many thumbnails.
constexpr std::size_t kTrimStep = 64;

void check(const Observation& observation, const EncoderInfo& info) {
  auto refuse = [&](const std::string& what) {
    throw Error(ErrorCode::kInvalidArgument, observation.url + ": " + what);
  };
  if (!is_unit_vector(observation.embedding, info.dimension)) {
    refuse("not a unit vector of " + std::to_string(info.dimension) + " numbers");
  }
  constexpr std::int64_t kMaxMs = std::numeric_limits<std::int64_t>::max() / 1'000'000;
  if (observation.observed_ms < 0 || observation.observed_ms > kMaxMs) {
    refuse("the time " + std::to_string(observation.observed_ms) + " ms is out of range");
  }
  if (!observation.thumbnail.empty() && !is_thumbnail(observation.thumbnail)) {
    refuse("the thumbnail is not a JPEG of at most " + std::to_string(kMaxThumbnailBytes) + " bytes");
  }
}

}  // namespace

bool is_thumbnail(std::string_view bytes) {
  return bytes.size() <= kMaxThumbnailBytes && picture_format(std::as_bytes(std::span(bytes))) == PictureFormat::kJpeg;
}

ObservationWriter::ObservationWriter(std::filesystem::path database, EncoderInfo model)
    : database_(std::move(database)), info_(std::move(model)) {}

bool ObservationWriter::store(const Observation& observation) {
  check(observation, info_);
  store::NewItem item;
  item.url = observation.url;
  item.state = {.size = 0, .mtime_ns = observation.observed_ms * 1'000'000, .read_ms = observation.observed_ms};
  item.width = observation.width;
  item.height = observation.height;
  item.feature = observation.embedding;
  item.extra = observation.extra;
  std::lock_guard lock(mutex_);
  store::Store& store = open();
  bool added = false;
  store.write([&] {
    added = store.put_item(item, model_id_) == store::PutResult::kAdded;
    store.put_thumbnail(item.url, model_id_, base::now_ms(), observation.thumbnail);
  });
  return added;
}

std::size_t ObservationWriter::trim_thumbnails(const ThumbnailLimits& limits) {
  std::lock_guard lock(mutex_);
  store::Store& store = open();
  // Without a limit, everything is allowed.
  std::int64_t max_bytes = limits.max_bytes > 0 ? limits.max_bytes : std::numeric_limits<std::int64_t>::max();
  std::int64_t oldest_ms = limits.max_age_ms > 0 ? base::now_ms() - limits.max_age_ms : 0;
  // Nearly always there is nothing to do, which takes two reads and no lock.
  if (store.thumbnail_totals().bytes <= max_bytes && !store.has_thumbnail_before(oldest_ms)) return 0;
  std::size_t deleted = 0;
  store.write([&] { deleted = store.trim_thumbnails(max_bytes, oldest_ms, kTrimStep); });
  return deleted;
}

store::Store& ObservationWriter::open() {
  if (store_ && store_->stale()) store_.reset();  // another process may have replaced the file of the database
  if (!store_) {
    auto opened = std::make_unique<store::Store>(database_, store::Access::kWrite);
    model_id_ = opened->add_model({info_.fingerprint, info_.name, info_.dimension});
    store_ = std::move(opened);  // only now: add_model() may throw, and is then called again
  }
  return *store_;
}

}  // namespace clipseek::catalog

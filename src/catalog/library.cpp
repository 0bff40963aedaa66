#include "catalog/library.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <set>
#include <thread>

#include "base/clock.h"
#include "base/log.h"
#include "base/parallel.h"
#include "catalog/library_snapshot.h"
#include "catalog/model_label.h"
#include "catalog/scan_batch.h"
#include "catalog/unit_vector.h"

namespace clipseek::catalog {
namespace {

using Clock = std::chrono::steady_clock;
using Snapshot = std::shared_ptr<const LibrarySnapshot>;

constexpr std::chrono::milliseconds kPollInterval{250};
constexpr std::chrono::milliseconds kMinPause{500};
// While another process writes continuously, reading the database again takes at most a tenth of one core's time.
constexpr int kPausesPerLoad = 10;
constexpr std::size_t kMaxCalibrations = 256;

// Returns a key for the weights and types of `terms`: queries of one shape share a calibration.
std::string query_shape(const std::vector<QueryTerm>& terms) {
  std::string shape = is_chinese(terms) ? "zh" : "en";
  for (const QueryTerm& term : terms) shape += (term.is_picture() ? " p" : " t") + std::to_string(term.weight);
  return shape;
}

LibrarySample sample_of(const LibrarySnapshot& snapshot) {
  SampleCollector collector;
  for (const auto& block : snapshot.blocks) {
    const search::VectorMatrix& matrix = block->matrix;
    for (std::size_t row = 0; row < matrix.ids.size(); ++row) {
      collector.add(matrix.ids[row], std::span(matrix.values).subspan(row * matrix.dimension, matrix.dimension));
    }
  }
  return collector.sample();
}

}  // namespace

struct Library::Impl {
  Impl(const std::filesystem::path& file, const EncoderInfo& info)
      : database(std::filesystem::absolute(file)),
        model{info.fingerprint, info.name, info.dimension},
        started_at(base::now_ms()),
        batch([this] { return current(); }, base::available_cores()) {
    read();
    follower = std::jthread([this](const std::stop_token& stop) { follow(stop); });
  }

  Snapshot current() const {
    std::lock_guard lock(mutex);
    return snapshot;
  }
  std::string version(const LibrarySnapshot& of) const {
    return std::to_string(started_at) + "-" + std::to_string(of.number);
  }

  // Reads the database again if it has changed. Throws Error.
  void read() {
    std::lock_guard lock(read_mutex);
    if (!store || store->stale()) {
      store.reset();
      store = std::make_unique<store::Store>(database, store::Access::kRead);
      seen.reset();
    }
    // Taken before reading, so that the next call notices a change during the read.
    std::int64_t now = store->data_version();
    if (seen == now) return;
    Snapshot read = load_snapshot(*store, model, current());
    seen = now;
    if (read->damaged > 0) {
      base::log_warn(database.string() + ": left out " + std::to_string(read->damaged) +
                     " damaged vectors; 'clipseek index' encodes those of wrong length again");
    }
    std::lock_guard publishing(mutex);
    snapshot = std::move(read);
  }

  // Calls read() and records its failure in last_error.
  void try_read() {
    std::string why;
    try {
      read();
    } catch (const std::exception& error) {
      why = error.what();
    }
    std::lock_guard lock(mutex);
    if (!why.empty() && why != last_error) base::log_warn("the library is not up to date: " + why);
    last_error = std::move(why);
  }

  void follow(const std::stop_token& stop) {
    Clock::time_point next = Clock::now();
    for (;;) {
      {
        std::unique_lock lock(follow_mutex);
        following.wait_for(lock, stop, kPollInterval, [] { return false; });
      }
      if (stop.stop_requested()) return;
      Clock::time_point began = Clock::now();
      if (began < next) continue;
      try_read();
      auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
      next = Clock::now() + (took.count() < 5 ? kPollInterval : std::max(kMinPause, kPausesPerLoad * took));
    }
  }

  std::filesystem::path database;
  store::StoreModel model;
  std::int64_t started_at;  // milliseconds since 1970; makes the versions of different processes differ

  std::mutex read_mutex;
  std::unique_ptr<store::Store> store;
  std::optional<std::int64_t> seen;  // the data_version of the snapshot

  mutable std::mutex mutex;
  Snapshot snapshot;
  std::string last_error;

  struct CachedCalibration {
    std::string shape;
    std::optional<Calibration> calibration;
  };
  std::mutex calibration_mutex;
  std::uint64_t calibrated = 0;  // number of the snapshot that the sample and the calibrations belong to
  std::shared_ptr<const LibrarySample> sample;
  std::list<CachedCalibration> calibrations;  // most recently used first

  ScanBatch batch;
  std::mutex follow_mutex;
  std::condition_variable_any following;
  std::jthread follower;
};

Library::Library(const std::filesystem::path& database, const EncoderInfo& model)
    : impl_(std::make_unique<Impl>(database, model)) {}
Library::~Library() = default;

Library::Page Library::search(const Embedding& query, std::size_t offset, std::size_t limit) {
  if (!is_unit_vector(query, impl_->model.dimension)) {
    throw Error(ErrorCode::kInvalidArgument,
                "the query is not a unit vector of " + std::to_string(impl_->model.dimension) + " numbers");
  }
  auto [scored, snapshot] = impl_->batch.scan(query, offset + limit);
  if (snapshot->count == 0 && !snapshot->other_models.empty()) {
    throw no_items_of_model(impl_->database, impl_->model, snapshot->other_models);
  }
  std::vector<std::pair<float, const SearchHit*>> found;
  for (const search::Scored& one : scored) found.emplace_back(one.score, snapshot->find(one.id));
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second->path < b.second->path;
  });
  Page page{{}, snapshot->count, impl_->version(*snapshot)};
  for (std::size_t i = offset; i < std::min(found.size(), offset + limit); ++i) {
    page.items.push_back(*found[i].second);
    page.items.back().score = std::clamp(found[i].first, -1.0F, 1.0F);
  }
  return page;
}

Library::Page Library::newest(std::size_t offset, std::size_t limit) const {
  Snapshot snapshot = impl_->current();
  Page page{{}, snapshot->count, impl_->version(*snapshot)};
  std::size_t skip = offset;
  for (auto block = snapshot->blocks.rbegin(); block != snapshot->blocks.rend(); ++block) {
    const std::vector<SearchHit>& items = (*block)->items;
    if (skip >= items.size()) {
      skip -= items.size();
      continue;
    }
    for (auto item = items.rbegin() + static_cast<std::ptrdiff_t>(skip); item != items.rend(); ++item) {
      if (page.items.size() == limit) return page;
      page.items.push_back(*item);
    }
    skip = 0;
  }
  return page;
}

std::optional<SearchHit> Library::find(std::int64_t id) const {
  Snapshot snapshot = impl_->current();
  const SearchHit* item = snapshot->find(id);
  return item != nullptr ? std::optional(*item) : std::nullopt;
}

std::optional<Embedding> Library::embedding(std::int64_t id) const {
  Snapshot snapshot = impl_->current();
  std::span<const float> vector = snapshot->vector(id);
  return vector.empty() ? std::nullopt : std::optional(Embedding(vector.begin(), vector.end()));
}

std::map<std::string, SearchHit> Library::find_paths(const std::vector<std::string>& paths) const {
  Snapshot snapshot = impl_->current();
  std::set<std::string> wanted(paths.begin(), paths.end());
  std::map<std::string, SearchHit> found;
  for (const auto& block : snapshot->blocks) {
    for (const SearchHit& item : block->items) {
      if (wanted.contains(item.path)) found.emplace(item.path, item);
    }
  }
  return found;
}

std::optional<Calibration> Library::calibrate(Calibrator& calibrator, const std::vector<QueryTerm>& terms) {
  std::string shape = query_shape(terms);
  Snapshot snapshot = impl_->current();
  std::shared_ptr<const LibrarySample> sample;
  {
    std::lock_guard lock(impl_->calibration_mutex);
    if (!impl_->sample || impl_->calibrated != snapshot->number) {
      impl_->sample = std::make_shared<LibrarySample>(sample_of(*snapshot));
      impl_->calibrated = snapshot->number;
      impl_->calibrations.clear();
    }
    auto& known = impl_->calibrations;
    auto found = std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.shape == shape; });
    if (found != known.end()) {
      known.splice(known.begin(), known, found);
      return found->calibration;
    }
    sample = impl_->sample;
  }
  // Computed without the lock, so that other queries do not wait. Two concurrent calls compute the same result.
  std::optional<Calibration> calibration = calibrator.calibrate(terms, *sample);
  std::lock_guard lock(impl_->calibration_mutex);
  if (impl_->sample == sample) {
    impl_->calibrations.push_front({std::move(shape), calibration});
    if (impl_->calibrations.size() > kMaxCalibrations) impl_->calibrations.pop_back();
  }
  return calibration;
}

void Library::refresh() {
  impl_->try_read();
}

Library::State Library::state() const {
  std::lock_guard lock(impl_->mutex);
  const LibrarySnapshot& now = *impl_->snapshot;
  return {impl_->version(now), now.count, now.changed_ms, impl_->last_error};
}

}  // namespace clipseek::catalog

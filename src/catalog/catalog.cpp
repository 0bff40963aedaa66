#include "clipseek/catalog.h"

#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/file_status.h"
#include "base/system_error.h"
#include "catalog/calibration.h"
#include "catalog/index_run.h"
#include "catalog/neutral_cache.h"
#include "catalog/searcher.h"
#include "catalog/unit_vector.h"
#include "store/store.h"

namespace clipseek {
namespace {

bool is_missing(const std::filesystem::path& file) {
  return base::file_type_at(file) == std::filesystem::file_type::not_found;
}

// The current folder may have been deleted.
std::filesystem::path absolute_path(const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::path path = std::filesystem::absolute(file, error);
  if (!error) return path;
  throw base::system_error("find", "the current folder, which " + file.string() + " is relative to", error.value());
}

}  // namespace

struct Catalog::Impl {
  Impl(const std::filesystem::path& file, Encoder& encoder_in, OpenMode mode_in)
      : database(absolute_path(file)),
        encoder(encoder_in),
        mode(mode_in),
        calibrator(encoder_in, catalog::NeutralCache(catalog::neutral_cache_folder())) {
    // A database that does not exist is created when it is first needed, so an index run that finds nothing to index
    // does not create one.
    if (mode == OpenMode::kReadOnly || !is_missing(database)) searcher();
  }

  catalog::Searcher& searcher() {
    std::lock_guard lock(opening);
    if (!opened_searcher) {
      // The database is created, or an older one migrated, before anything reads it.
      if (mode == OpenMode::kCreate) store::Store(database, store::Access::kWrite);
      opened_searcher.emplace(database, encoder.info());
    }
    return *opened_searcher;
  }

  std::filesystem::path database;
  Encoder& encoder;
  OpenMode mode;
  catalog::Calibrator calibrator;
  std::mutex opening;
  std::optional<catalog::Searcher> opened_searcher;
  std::mutex indexing;
  std::mutex storing;
  std::unique_ptr<store::Store> observations;  // opened by the first store_observation()
  std::int64_t observation_model = 0;
};

Catalog::Catalog(const std::filesystem::path& database, Encoder& encoder, OpenMode mode)
    : impl_(std::make_unique<Impl>(database, encoder, mode)) {}

Catalog::~Catalog() = default;

IndexReport Catalog::index(const IndexOptions& options) {
  if (impl_->mode == OpenMode::kReadOnly) {
    throw Error(ErrorCode::kInvalidArgument, impl_->database.string() + " was opened for reading only");
  }
  std::unique_lock lock(impl_->indexing, std::try_to_lock);
  if (!lock) throw Error(ErrorCode::kUnavailable, "an index run is under way; try again when it is done");
  return catalog::IndexRun(impl_->database, impl_->encoder, options).run();
}

void Catalog::store_observation(const Observation& observation) {
  const EncoderInfo& info = impl_->encoder.info();
  if (!catalog::is_unit_vector(observation.embedding, info.dimension)) {
    throw Error(ErrorCode::kInvalidArgument,
                observation.url + ": not a unit vector of " + std::to_string(info.dimension) + " numbers");
  }
  if (impl_->mode == OpenMode::kReadOnly) {
    throw Error(ErrorCode::kInvalidArgument, impl_->database.string() + " was opened for reading only");
  }
  store::NewItem item;
  constexpr std::int64_t kMaxMs = std::numeric_limits<std::int64_t>::max() / 1'000'000;
  if (observation.observed_ms < 0 || observation.observed_ms > kMaxMs) {
    throw Error(ErrorCode::kInvalidArgument,
                observation.url + ": the time " + std::to_string(observation.observed_ms) + " ms is out of range");
  }
  item.url = observation.url;
  item.state = {.size = 0, .mtime_ns = observation.observed_ms * 1'000'000, .read_ms = observation.observed_ms};
  item.width = observation.width;
  item.height = observation.height;
  item.feature = observation.embedding;
  item.extra = observation.extra;
  std::lock_guard lock(impl_->storing);
  // Another process may have replaced the file of the database.
  if (impl_->observations && impl_->observations->stale()) impl_->observations.reset();
  if (!impl_->observations) {
    auto opened = std::make_unique<store::Store>(impl_->database, store::Access::kWrite);
    impl_->observation_model = opened->add_model({info.fingerprint, info.name, info.dimension});
    impl_->observations = std::move(opened);  // only now: add_model() may throw, and is then called again
  }
  impl_->observations->write([&] { impl_->observations->put_item(item, impl_->observation_model); });
}

std::vector<SearchHit> Catalog::search(const Embedding& query, std::size_t top_k) {
  return impl_->searcher().search(query, top_k);
}

std::optional<Embedding> Catalog::embedding(std::int64_t id) {
  return impl_->searcher().embedding(id);
}

Embedding Catalog::embed(const std::vector<QueryTerm>& terms, std::stop_token stop) {
  auto stored = [this](std::int64_t id) { return embedding(id); };
  return embed_query(terms, encoder_sources(impl_->encoder, stored, std::move(stop)));
}

std::optional<Calibration> Catalog::calibrate(const std::vector<QueryTerm>& terms) {
  return impl_->calibrator.calibrate(terms, impl_->searcher().sample());
}

CatalogStats Catalog::stats() {
  return impl_->searcher().stats();
}

}  // namespace clipseek

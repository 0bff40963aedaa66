#include "clipseek/catalog.h"

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/file_status.h"
#include "base/system_error.h"
#include "catalog/calibration.h"
#include "catalog/index_run.h"
#include "catalog/neutral_cache.h"
#include "catalog/observation_writer.h"
#include "catalog/searcher.h"
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
        observations(database, encoder_in.info()),
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

  void require_writable() const {
    if (mode == OpenMode::kReadOnly) {
      throw Error(ErrorCode::kInvalidArgument, database.string() + " was opened for reading only");
    }
  }

  std::filesystem::path database;
  Encoder& encoder;
  OpenMode mode;
  catalog::ObservationWriter observations;
  catalog::Calibrator calibrator;
  std::mutex opening;
  std::optional<catalog::Searcher> opened_searcher;
  std::mutex indexing;
};

Catalog::Catalog(const std::filesystem::path& database, Encoder& encoder, OpenMode mode)
    : impl_(std::make_unique<Impl>(database, encoder, mode)) {}

Catalog::~Catalog() = default;

IndexReport Catalog::index(const IndexOptions& options) {
  impl_->require_writable();
  std::unique_lock lock(impl_->indexing, std::try_to_lock);
  if (!lock) throw Error(ErrorCode::kUnavailable, "an index run is under way; try again when it is done");
  return catalog::IndexRun(impl_->database, impl_->encoder, options).run();
}

bool Catalog::store_observation(const Observation& observation) {
  impl_->require_writable();
  return impl_->observations.store(observation);
}

std::size_t Catalog::trim_thumbnails(const ThumbnailLimits& limits) {
  impl_->require_writable();
  return impl_->observations.trim_thumbnails(limits);
}

std::optional<std::string> Catalog::thumbnail(std::int64_t id) {
  return impl_->searcher().thumbnail(id);
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

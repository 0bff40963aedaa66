#include "catalog/searcher.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/log.h"
#include "base/parallel.h"
#include "catalog/model_label.h"
#include "catalog/observation_writer.h"
#include "catalog/unit_vector.h"

namespace clipseek::catalog {
namespace {

std::int64_t file_bytes(const std::filesystem::path& file) {
  std::error_code error;
  auto size = std::filesystem::file_size(file, error);
  return error ? 0 : static_cast<std::int64_t>(size);
}

SearchHit to_hit(const store::StoredItem& item, float score) {
  return {item.id,   std::clamp(score, -1.0F, 1.0F), item.url,  item.width, item.height,
          item.size, item.mtime_ns / 1'000'000,      item.extra};
}

}  // namespace

Searcher::Searcher(const std::filesystem::path& database, EncoderInfo model)
    : database_(database),
      info_(std::move(model)),
      model_{info_.fingerprint, info_.name, info_.dimension},
      threads_(base::available_cores()) {
  std::lock_guard lock(mutex_);
  refresh();
}

std::vector<SearchHit> Searcher::search(const Embedding& query, std::size_t top_k) {
  if (!is_unit_vector(query, info_.dimension)) {
    throw Error(ErrorCode::kInvalidArgument,
                "the query is not a unit vector of " + std::to_string(info_.dimension) + " numbers");
  }
  if (top_k == 0) return {};
  // A picture can be removed between ranking and lookup; ranking again then uses the changed database.
  constexpr int kMaxAttempts = 5;
  for (int attempt = 1;; ++attempt) {
    auto hits = look_up(rank(query, top_k));
    if (!hits && attempt == kMaxAttempts) {
      throw Error(ErrorCode::kUnavailable, database_.string() + " changes faster than it can be searched");
    }
    if (!hits) continue;
    std::sort(hits->begin(), hits->end(), [](const SearchHit& a, const SearchHit& b) {
      return a.score != b.score ? a.score > b.score : a.path < b.path;
    });
    if (hits->size() > top_k) hits->resize(top_k);
    return *std::move(hits);
  }
}

Searcher::Ranking Searcher::rank(const Embedding& query, std::size_t top_k) {
  std::unique_lock lock(mutex_);
  refresh();
  std::uint64_t generation = generation_;
  if (!matrix_ && streamed_ && fits_in_memory()) matrix_ = load();
  if (!matrix_) return {stream(query, top_k), generation};
  std::shared_ptr<const search::VectorMatrix> matrix = matrix_;
  lock.unlock();
  return {search::nearest(*matrix, query, top_k, threads_), generation};
}

// Returns std::nullopt if one of the items no longer exists.
std::optional<std::vector<SearchHit>> Searcher::look_up(const Ranking& ranking) {
  std::lock_guard lock(mutex_);
  std::vector<SearchHit> hits;
  if (ranking.scored.empty()) {
    require_model();
    return hits;
  }
  if (ranking.generation != generation_) return std::nullopt;
  for (const search::Scored& scored : ranking.scored) {
    std::optional<store::StoredItem> item = store_->find_item(scored.id);
    if (!item) return std::nullopt;
    hits.push_back(to_hit(*item, scored.score));
  }
  return hits;
}

void Searcher::refresh() {
  if (!store_ || store_->stale()) {
    store_ = std::make_unique<store::Store>(database_, store::Access::kRead);
    ++generation_;
  } else if (store_->data_version() == version_) {
    return;
  }
  version_ = store_->data_version();
  model_id_ = store_->find_model(model_);
  streamed_ = false;
  matrix_.reset();
}

// The vectors may take a quarter of the machine's memory; a larger library is streamed for every search.
bool Searcher::fits_in_memory() const {
  auto memory = static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return vectors_ <= memory / 4 / (static_cast<std::size_t>(info_.dimension) * sizeof(float));
}

std::shared_ptr<const search::VectorMatrix> Searcher::load() {
  auto matrix = std::make_shared<search::VectorMatrix>();
  matrix->dimension = static_cast<std::size_t>(info_.dimension);
  matrix->ids.reserve(vectors_);
  matrix->values.reserve(vectors_ * matrix->dimension);
  for_each_valid([&](std::int64_t id, std::span<const float> vector) {
    matrix->ids.push_back(id);
    matrix->values.insert(matrix->values.end(), vector.begin(), vector.end());
  });
  return matrix;
}

std::vector<search::Scored> Searcher::stream(const Embedding& query, std::size_t top_k) {
  search::TopK best(top_k);
  vectors_ = 0;
  collector_ = {};
  std::size_t damaged = for_each_valid([&](std::int64_t id, std::span<const float> vector) {
    float score = 0;
    search::dot_rows(query, std::as_bytes(vector).data(), {&score, 1});
    best.add(id, score);
    collector_.add(id, vector);
    ++vectors_;
  });
  streamed_ = true;
  if (damaged > 0) {
    base::log_warn(
        database_.string() + ": left out " + std::to_string(damaged) +
        " damaged vectors (wrong length, or not unit vectors); 'clipseek index' encodes those of wrong length again");
  }
  return best.take();
}

// Passes the valid vectors of this model, as aligned floats, to `visit`, and returns the number of damaged ones.
std::size_t Searcher::for_each_valid(const std::function<void(std::int64_t id, std::span<const float> vector)>& visit) {
  std::size_t damaged = 0;
  if (!model_id_) return damaged;
  std::vector<float> vector(static_cast<std::size_t>(info_.dimension));
  store_->for_each_vector(*model_id_, [&](std::int64_t id, std::span<const std::byte> feature) {
    if (feature.size() == vector.size() * sizeof(float)) {
      std::memcpy(vector.data(), feature.data(), feature.size());
      if (is_unit_vector(vector, info_.dimension)) return visit(id, vector);
    }
    ++damaged;
  });
  return damaged;
}

// Throws when the database holds only vectors of other models: an empty answer would be misleading.
void Searcher::require_model() {
  for (const store::ModelCount& count : store_->count_by_model()) {
    if (count.model.fingerprint == model_.fingerprint) return;
  }
  std::string others = other_models(*store_, model_);
  if (!others.empty()) throw no_items_of_model(database_, model_, others);
}

std::optional<Embedding> Searcher::embedding(std::int64_t id) {
  std::lock_guard lock(mutex_);
  refresh();
  if (!model_id_) return std::nullopt;
  Embedding vector = store_->read_feature(id, *model_id_);
  return is_unit_vector(vector, info_.dimension) ? std::optional(std::move(vector)) : std::nullopt;
}

// Anything may be in the database; only what begins as a JPEG is returned.
std::optional<std::string> Searcher::thumbnail(std::int64_t id) {
  std::lock_guard lock(mutex_);
  refresh();
  std::optional<std::string> jpeg = store_->find_thumbnail(id);
  return jpeg && is_thumbnail(*jpeg) ? std::move(jpeg) : std::nullopt;
}

LibrarySample Searcher::sample() {
  std::lock_guard lock(mutex_);
  refresh();
  if (!streamed_) stream(Embedding(static_cast<std::size_t>(info_.dimension)), 0);
  return collector_.sample();
}

CatalogStats Searcher::stats() {
  std::lock_guard lock(mutex_);
  refresh();
  CatalogStats stats;
  for (const store::ModelCount& count : store_->count_by_model()) {
    if (count.model.fingerprint == model_.fingerprint) {
      stats.items = count.items;
    } else {
      stats.other_items += count.items;
      stats.other_models.push_back(model_label(count.model));
    }
  }
  stats.failures = store_->count_failures();
  store::ThumbnailTotals thumbnails = store_->thumbnail_totals();
  stats.thumbnails = static_cast<std::size_t>(std::max<std::int64_t>(0, thumbnails.count));
  stats.thumbnail_bytes = thumbnails.bytes;
  stats.database_bytes = file_bytes(store_->file()) + file_bytes(store_->file().string() + "-wal");
  return stats;
}

}  // namespace clipseek::catalog

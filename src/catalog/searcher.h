// The search of a Catalog. Internal to catalog/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "catalog/library_sample.h"
#include "clipseek/catalog.h"
#include "search/nearest.h"
#include "store/store.h"

namespace clipseek::catalog {

// Answers queries from the database. The first search after a change scores the vectors while it reads them from the
// file; from the second on they are kept in memory until the database changes again. So a single search needs no copy,
// and the many searches of a server do not read the file. Thread-safe.
class Searcher {
 public:
  Searcher(const std::filesystem::path& database, EncoderInfo model);

  std::vector<SearchHit> search(const Embedding& query, std::size_t top_k);
  std::optional<Embedding> embedding(std::int64_t id);
  std::optional<std::string> thumbnail(std::int64_t id);
  LibrarySample sample();
  CatalogStats stats();

 private:
  struct Ranking {
    std::vector<search::Scored> scored;
    std::uint64_t generation;  // of the store that the ids belong to
  };
  Ranking rank(const Embedding& query, std::size_t top_k);
  std::optional<std::vector<SearchHit>> look_up(const Ranking& ranking);

  // With mutex_ held:
  void refresh();
  bool fits_in_memory() const;
  std::shared_ptr<const search::VectorMatrix> load();
  std::vector<search::Scored> stream(const Embedding& query, std::size_t top_k);
  std::size_t for_each_valid(const std::function<void(std::int64_t id, std::span<const float> vector)>& visit);
  void require_model();

  std::filesystem::path database_;
  EncoderInfo info_;
  store::StoreModel model_;
  int threads_;

  std::mutex mutex_;
  std::unique_ptr<store::Store> store_;
  std::uint64_t generation_ = 0;  // counts the opened stores: another file may replace the database
  std::int64_t version_ = 0;      // the store's data_version that the following members belong to
  std::optional<std::int64_t> model_id_;
  bool streamed_ = false;
  SampleCollector collector_;                           // of the last call of stream()
  std::size_t vectors_ = 0;                             // number of vectors in the last call of stream()
  std::shared_ptr<const search::VectorMatrix> matrix_;  // null until the second search; a search in progress shares it
};

}  // namespace clipseek::catalog

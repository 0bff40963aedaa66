// A database's pictures of one model as they were at one moment, in memory. Internal to catalog/.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clipseek/catalog.h"
#include "search/nearest.h"
#include "store/store.h"

namespace clipseek::catalog {

// Rows whose ids share all but their last bits: a block does not change when others do, and successive snapshots share
// the blocks that are the same in both.
struct LibraryBlock {
  std::int64_t key = 0;  // id / kIdsPerBlock
  search::VectorMatrix matrix;
  std::vector<SearchHit> items;  // of the same rows; no scores
};

struct LibrarySnapshot {
  std::uint64_t number = 0;                                 // another one for other contents
  std::vector<std::shared_ptr<const LibraryBlock>> blocks;  // in the order of their ids
  std::size_t count = 0;
  std::size_t damaged = 0;                 // rows left out: no unit vectors of the model's length
  std::optional<std::int64_t> changed_ms;  // when the newest item was stored
  std::string other_models;                // other_models() of the database

  // Null where there is no such item.
  const SearchHit* find(std::int64_t id) const;
  std::span<const float> vector(std::int64_t id) const;  // empty where there is no such item
};

// Reads all items of `model`, and shares with `before` what has not changed. Throws Error as Store does, and
// kLimitExceeded when the vectors need more than half of the machine's memory.
std::shared_ptr<const LibrarySnapshot> load_snapshot(store::Store& store, const store::StoreModel& model,
                                                     const std::shared_ptr<const LibrarySnapshot>& before);

}  // namespace clipseek::catalog

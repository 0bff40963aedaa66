// An immutable copy in memory of a database's pictures of one model. Internal to catalog/.
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

// The rows of one range of ids. Successive snapshots share the blocks that did not change.
struct LibraryBlock {
  std::int64_t key = 0;  // id / kIdsPerBlock
  search::VectorMatrix matrix;
  std::vector<SearchHit> items;  // of the same rows; their scores are 0
};

struct LibrarySnapshot {
  std::uint64_t number = 0;                                 // changes with the contents
  std::vector<std::shared_ptr<const LibraryBlock>> blocks;  // in the order of their ids
  std::size_t count = 0;
  std::size_t damaged = 0;                 // rows left out: not unit vectors of the model's dimension
  std::optional<std::int64_t> changed_ms;  // when the newest item was stored
  std::string other_models;                // other_models() of the database

  // Returns a null pointer if the snapshot does not contain the item.
  const SearchHit* find(std::int64_t id) const;
  std::span<const float> vector(std::int64_t id) const;  // empty if the snapshot does not contain the item
};

// Reads all items of `model`, and shares unchanged blocks with `before` (may be null). Throws Error as Store does, and
// kLimitExceeded when the vectors need more than half of the machine's memory.
std::shared_ptr<const LibrarySnapshot> load_snapshot(store::Store& store, const store::StoreModel& model,
                                                     const std::shared_ptr<const LibrarySnapshot>& before);

}  // namespace clipseek::catalog

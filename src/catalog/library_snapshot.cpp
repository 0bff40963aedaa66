#include "catalog/library_snapshot.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "catalog/model_label.h"
#include "catalog/unit_vector.h"

namespace clipseek::catalog {
namespace {

constexpr std::int64_t kIdsPerBlock = 4096;

std::size_t memory_for_vectors() {
  return static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 2;
}

bool same_item(const SearchHit& a, const SearchHit& b) {
  return a.id == b.id && a.path == b.path && a.width == b.width && a.height == b.height && a.size == b.size &&
         a.modified_ms == b.modified_ms;
}

bool same_block(const LibraryBlock& a, const LibraryBlock& b) {
  return a.matrix.ids == b.matrix.ids && a.matrix.values == b.matrix.values &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same_item);
}

const LibraryBlock* block_of(const LibrarySnapshot& snapshot, std::int64_t key) {
  auto found = std::lower_bound(snapshot.blocks.begin(), snapshot.blocks.end(), key,
                                [](const auto& block, std::int64_t wanted) { return block->key < wanted; });
  return found != snapshot.blocks.end() && (*found)->key == key ? found->get() : nullptr;
}

// Returns the block of `id` and its row there.
std::optional<std::pair<const LibraryBlock*, std::size_t>> row_of(const LibrarySnapshot& snapshot, std::int64_t id) {
  const LibraryBlock* block = block_of(snapshot, id / kIdsPerBlock);
  if (block == nullptr) return std::nullopt;
  auto found = std::lower_bound(block->matrix.ids.begin(), block->matrix.ids.end(), id);
  if (found == block->matrix.ids.end() || *found != id) return std::nullopt;
  return std::pair(block, static_cast<std::size_t>(found - block->matrix.ids.begin()));
}

class Loader {
 public:
  Loader(const store::StoreModel& model, const std::shared_ptr<const LibrarySnapshot>& before)
      : dimension_(static_cast<std::size_t>(model.dimension)),
        before_(before),
        max_vectors_(memory_for_vectors() / (dimension_ * sizeof(float))),
        vector_(dimension_) {}

  void add(const store::StoredItem& item, std::int64_t stored_ms, std::span<const std::byte> feature) {
    bool whole = feature.size() == dimension_ * sizeof(float);
    if (whole) std::memcpy(vector_.data(), feature.data(), feature.size());
    if (!whole || !is_unit_vector(vector_, static_cast<int>(dimension_))) {
      ++snapshot_->damaged;
      return;
    }
    if (snapshot_->count == max_vectors_) {
      throw Error(ErrorCode::kLimitExceeded, "the database has too many pictures for this machine's memory: " +
                                                 std::to_string(max_vectors_) + " fit into half of it");
    }
    if (!block_ || block_->key != item.id / kIdsPerBlock) begin_block(item.id / kIdsPerBlock);
    block_->matrix.ids.push_back(item.id);
    block_->matrix.values.insert(block_->matrix.values.end(), vector_.begin(), vector_.end());
    block_->items.push_back({item.id, 0, item.url, item.width, item.height, item.size, item.mtime_ns / 1'000'000});
    snapshot_->changed_ms = std::max(snapshot_->changed_ms.value_or(stored_ms), stored_ms);
    ++snapshot_->count;
  }

  std::shared_ptr<LibrarySnapshot> finish() {
    end_block();
    bool same = before_ && all_shared_ && before_->blocks.size() == snapshot_->blocks.size();
    snapshot_->number = !before_ ? 1 : before_->number + (same ? 0 : 1);
    return std::move(snapshot_);
  }

 private:
  void begin_block(std::int64_t key) {
    end_block();
    block_ = std::make_shared<LibraryBlock>();
    block_->key = key;
    block_->matrix.dimension = dimension_;
  }

  void end_block() {
    if (!block_) return;
    block_->matrix.values.shrink_to_fit();
    const LibraryBlock* old = before_ ? block_of(*before_, block_->key) : nullptr;
    if (old != nullptr && same_block(*old, *block_)) {
      auto position = std::find_if(before_->blocks.begin(), before_->blocks.end(),
                                   [&](const auto& block) { return block.get() == old; });
      snapshot_->blocks.push_back(*position);
    } else {
      all_shared_ = false;
      snapshot_->blocks.push_back(block_);
    }
    block_.reset();
  }

  std::size_t dimension_;
  std::shared_ptr<const LibrarySnapshot> before_;
  std::size_t max_vectors_;
  std::vector<float> vector_;
  std::shared_ptr<LibrarySnapshot> snapshot_ = std::make_shared<LibrarySnapshot>();
  std::shared_ptr<LibraryBlock> block_;
  bool all_shared_ = true;
};

}  // namespace

const SearchHit* LibrarySnapshot::find(std::int64_t id) const {
  auto row = row_of(*this, id);
  return row ? &row->first->items[row->second] : nullptr;
}

std::span<const float> LibrarySnapshot::vector(std::int64_t id) const {
  auto row = row_of(*this, id);
  if (!row) return {};
  const search::VectorMatrix& matrix = row->first->matrix;
  return std::span(matrix.values).subspan(row->second * matrix.dimension, matrix.dimension);
}

std::shared_ptr<const LibrarySnapshot> load_snapshot(store::Store& store, const store::StoreModel& model,
                                                     const std::shared_ptr<const LibrarySnapshot>& before) {
  Loader loader(model, before);
  if (auto id = store.find_model(model)) {
    store.for_each_item(*id, [&](const store::StoredItem& item, std::int64_t stored_ms,
                                 std::span<const std::byte> feature) { loader.add(item, stored_ms, feature); });
  }
  std::shared_ptr<LibrarySnapshot> snapshot = loader.finish();
  snapshot->other_models = other_models(store, model);
  return snapshot;
}

}  // namespace clipseek::catalog

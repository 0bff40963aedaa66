// The functions of Store for thumbnails. Triggers of the schema delete a thumbnail with its item and keep the totals.
#include <vector>

#include "store/store_impl.h"

namespace clipseek::store {

std::optional<std::string> Store::find_thumbnail(std::int64_t id) {
  return impl_->guarded([&]() -> std::optional<std::string> {
    if (!impl_->has_thumbnails()) return std::nullopt;
    Query query(impl_->connection, "SELECT jpeg FROM ClipThumbnails WHERE item_id = ?", id);
    if (!query.step()) return std::nullopt;
    std::span<const std::byte> jpeg = query.blob(0);
    return std::string(reinterpret_cast<const char*>(jpeg.data()), jpeg.size());
  });
}

ThumbnailTotals Store::thumbnail_totals() {
  return impl_->guarded([&] {
    ThumbnailTotals totals;
    if (!impl_->has_thumbnails()) return totals;
    Query query(impl_->connection, "SELECT count, bytes FROM ClipThumbnailTotals");
    if (query.step()) totals = {query.integer(0), query.integer(1)};
    return totals;
  });
}

bool Store::has_thumbnail_before(std::int64_t time_ms) {
  return impl_->guarded([&] {
    if (!impl_->has_thumbnails()) return false;
    return Query(impl_->connection, "SELECT 1 FROM ClipThumbnails WHERE timestamp < ? LIMIT 1", time_ms).step();
  });
}

void Store::put_thumbnail(const std::string& url, std::int64_t model, std::int64_t stored_ms, const std::string& jpeg) {
  impl_->guarded([&] {
    Connection& connection = impl_->connection;
    // INSERT OR REPLACE would delete the former row without its trigger.
    Query(connection,
          "DELETE FROM ClipThumbnails WHERE item_id = (SELECT id FROM ClipItems WHERE url = ? AND model_id = ?)", url,
          model)
        .run();
    if (jpeg.empty()) return;
    Query(connection,
          "INSERT INTO ClipThumbnails(item_id, timestamp, bytes, jpeg) SELECT id, ?3, ?4, ?5 FROM ClipItems "
          "WHERE url = ?1 AND model_id = ?2",
          url, model, stored_ms, static_cast<std::int64_t>(jpeg.size()), std::as_bytes(std::span(jpeg)))
        .run();
  });
}

std::size_t Store::trim_thumbnails(std::int64_t max_bytes, std::int64_t time_ms, std::size_t limit) {
  return impl_->guarded([&] {
    Connection& connection = impl_->connection;
    std::size_t deleted = static_cast<std::size_t>(
        Query(connection,
              "DELETE FROM ClipThumbnails WHERE item_id IN "
              "(SELECT item_id FROM ClipThumbnails WHERE timestamp < ? ORDER BY timestamp LIMIT ?)",
              time_ms, static_cast<std::int64_t>(limit))
            .run());
    std::int64_t surplus = thumbnail_totals().bytes - max_bytes;
    std::vector<std::int64_t> ids;
    if (surplus > 0) {
      // Not by item_id alone: a picture that is stored again keeps its id.
      Query oldest(connection, "SELECT item_id, bytes FROM ClipThumbnails ORDER BY timestamp, item_id");
      for (; surplus > 0 && deleted + ids.size() < limit && oldest.step(); surplus -= oldest.integer(1)) {
        ids.push_back(oldest.integer(0));
      }
    }
    for (std::int64_t id : ids) Query(connection, "DELETE FROM ClipThumbnails WHERE item_id = ?", id).run();
    return deleted + ids.size();
  });
}

}  // namespace clipseek::store

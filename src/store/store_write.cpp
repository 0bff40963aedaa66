// The functions of Store that change the database.
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>

#include "store/store_impl.h"

namespace clipseek::store {

void Store::write(const std::function<void()>& work) {
  impl_->guarded([&] {
    // IMMEDIATE waits for the lock here: a transaction that begins by reading cannot wait for it later.
    SQLite::Transaction transaction(impl_->connection.database(), SQLite::TransactionBehavior::IMMEDIATE);
    work();
    transaction.commit();
  });
}

std::int64_t Store::add_model(const StoreModel& model) {
  if (auto id = find_model(model)) return *id;
  write([&] {
    Query(impl_->connection,
          "INSERT INTO ClipModels(fingerprint, name, dimension) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
          model.fingerprint, model.name, model.dimension)
        .run();
  });
  return find_model(model).value();
}

PutResult Store::put_item(const NewItem& item, std::int64_t model) {
  return impl_->guarded([&] {
    Connection& connection = impl_->connection;
    std::span<const std::byte> feature = std::as_bytes(std::span(item.feature));
    Query(connection, "DELETE FROM ClipFailures WHERE path = ?", item.url).run();
    // A row of this model sorts before a row of unknown model.
    constexpr std::string_view kUpdate =
        "UPDATE ClipItems SET timestamp = ?3, type = 1, feature = ?4, model_id = ?2, content_hash = ?5, size = ?6, "
        "mtime_ns = ?7, width = ?8, height = ?9, "
        "extra = CASE WHEN ?10 = '' THEN extra ELSE ?10 END WHERE id = (SELECT id FROM ClipItems "
        "WHERE url = ?1 AND (model_id = ?2 OR (model_id IS NULL AND type = 1)) ORDER BY model_id DESC, id LIMIT 1)";
    if (Query(connection, kUpdate, item.url, model, item.state.read_ms, feature, item.content_hash, item.state.size,
              item.state.mtime_ns, item.width, item.height, item.extra)
            .run() > 0) {
      return PutResult::kUpdated;
    }
    constexpr std::string_view kInsert =
        "INSERT INTO ClipItems(url, model_id, timestamp, feature, content_hash, size, mtime_ns, width, height, name, "
        "extra, type, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, '')";
    std::string name = std::filesystem::path(item.url).filename().string();
    Query(connection, kInsert, item.url, model, item.state.read_ms, feature, item.content_hash, item.state.size,
          item.state.mtime_ns, item.width, item.height, name, item.extra)
        .run();
    return PutResult::kAdded;
  });
}

bool Store::move_item(std::int64_t id, const std::string& old_url, const NewItem& item) {
  return impl_->guarded([&] {
    Connection& connection = impl_->connection;
    // Where the new path already has a row, the caller must update that one: (url, model) is unique.
    constexpr std::string_view kMove =
        "UPDATE ClipItems SET url = ?3, name = ?4, timestamp = ?5, size = ?6, mtime_ns = ?7 WHERE id = ?1 AND url = ?2 "
        "AND NOT EXISTS (SELECT 1 FROM ClipItems n WHERE n.url = ?3 AND "
        "(n.model_id IS NULL OR n.model_id = ClipItems.model_id))";
    std::string name = std::filesystem::path(item.url).filename().string();
    if (Query(connection, kMove, id, old_url, item.url, name, item.state.read_ms, item.state.size, item.state.mtime_ns)
            .run() == 0) {
      return false;
    }
    Query(connection, "DELETE FROM ClipFailures WHERE path = ?", item.url).run();
    return true;
  });
}

void Store::touch_item(const std::string& url, std::int64_t model, const FileState& state) {
  impl_->guarded([&] {
    Query(impl_->connection,
          "UPDATE ClipItems SET timestamp = ?3, size = ?4, mtime_ns = ?5 WHERE url = ?1 AND model_id = ?2", url, model,
          state.read_ms, state.size, state.mtime_ns)
        .run();
  });
}

void Store::put_failure(const std::string& url, std::int64_t model, const StoredFailure& failure) {
  impl_->guarded([&] {
    Query(impl_->connection, "DELETE FROM ClipItems WHERE url = ? AND model_id = ?", url, model).run();
    Query(impl_->connection,
          "INSERT OR REPLACE INTO ClipFailures(path, timestamp, size, mtime_ns, code, message) "
          "VALUES (?, ?, ?, ?, ?, ?)",
          url, failure.state.read_ms, failure.state.size, failure.state.mtime_ns, failure.code, failure.message)
        .run();
  });
}

bool Store::remove_path(const std::string& url) {
  return impl_->guarded([&] {
    Query(impl_->connection, "DELETE FROM ClipFailures WHERE path = ?", url).run();
    return Query(impl_->connection, "DELETE FROM ClipItems WHERE url = ? AND type = 1", url).run() > 0;
  });
}

}  // namespace clipseek::store

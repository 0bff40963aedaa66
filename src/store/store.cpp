#include "store/store.h"

#include <cstring>

#include "clipseek/error.h"
#include "store/store_impl.h"

namespace clipseek::store {

Store::Store(const std::filesystem::path& file, Access access) : impl_(std::make_unique<Impl>(file, access)) {}

Store::~Store() = default;

const std::filesystem::path& Store::file() const {
  return impl_->connection.file();
}

bool Store::stale() const {
  return impl_->connection.stale();
}

std::int64_t Store::data_version() {
  return impl_->guarded([&] {
    Query query(impl_->connection, "PRAGMA data_version");
    query.step();
    return query.integer(0);
  });
}

std::optional<std::int64_t> Store::find_model(const StoreModel& model) {
  if (!impl_->current()) return std::nullopt;
  return impl_->guarded([&]() -> std::optional<std::int64_t> {
    Query query(impl_->connection, "SELECT id, dimension FROM ClipModels WHERE fingerprint = ?", model.fingerprint);
    if (!query.step()) return std::nullopt;
    if (query.integer(1) != model.dimension) {
      throw Error(ErrorCode::kModelMismatch, file().string() + " holds vectors of " + std::to_string(query.integer(1)) +
                                                 " numbers for the model " + model.name + ", which now gives " +
                                                 std::to_string(model.dimension));
    }
    return query.integer(0);
  });
}

std::vector<ModelCount> Store::count_by_model() {
  return impl_->guarded([&] {
    std::vector<ModelCount> counts;
    if (impl_->connection.schema() == Schema::kEmpty) return counts;
    if (impl_->connection.schema() == Schema::kHobotClip) {
      Query query(impl_->connection, "SELECT count(*) FROM ClipItems");
      query.step();
      if (query.integer(0) > 0) counts.push_back({{}, static_cast<std::size_t>(query.integer(0))});
      return counts;
    }
    Query query(impl_->connection,
                "SELECT m.fingerprint, m.name, m.dimension, i.n FROM "
                "(SELECT model_id, count(*) AS n FROM ClipItems GROUP BY model_id) i "
                "LEFT JOIN ClipModels m ON m.id = i.model_id ORDER BY m.id");
    while (query.step()) {
      StoreModel model{query.text(0), query.text(1), query.small_integer(2)};
      counts.push_back({std::move(model), static_cast<std::size_t>(query.integer(3))});
    }
    return counts;
  });
}

std::size_t Store::count_failures() {
  if (!impl_->current()) return 0;
  return impl_->guarded([&] {
    Query query(impl_->connection, "SELECT count(*) FROM ClipFailures");
    query.step();
    return static_cast<std::size_t>(query.integer(0));
  });
}

std::optional<StoredFile> Store::find_file(const std::string& url, std::int64_t model) {
  return impl_->guarded([&]() -> std::optional<StoredFile> {
    // length() of a blob reads only its header.
    Query query(impl_->connection,
                "SELECT i.size, i.mtime_ns, i.timestamp, i.content_hash, length(i.feature) = 4 * m.dimension "
                "FROM ClipItems i JOIN ClipModels m ON m.id = i.model_id WHERE i.url = ? AND i.model_id = ?",
                url, model);
    if (!query.step()) return std::nullopt;
    return StoredFile{{query.integer(0), query.integer(1), query.integer(2)}, query.text(3), query.integer(4) == 1};
  });
}

std::optional<StoredFailure> Store::find_failure(const std::string& url) {
  return impl_->guarded([&]() -> std::optional<StoredFailure> {
    Query query(impl_->connection, "SELECT size, mtime_ns, timestamp, code, message FROM ClipFailures WHERE path = ?",
                url);
    if (!query.step()) return std::nullopt;
    return StoredFailure{{query.integer(0), query.integer(1), query.integer(2)}, query.text(3), query.text(4)};
  });
}

std::optional<StoredItem> Store::find_item(std::int64_t id) {
  return impl_->guarded([&]() -> std::optional<StoredItem> {
    Query query(impl_->connection, "SELECT id, url, width, height, size, mtime_ns, extra FROM ClipItems WHERE id = ?",
                id);
    if (!query.step()) return std::nullopt;
    return StoredItem{query.integer(0), query.text(1),    query.small_integer(2), query.small_integer(3),
                      query.integer(4), query.integer(5), query.text(6)};
  });
}

std::vector<StoredItem> Store::find_content(const std::string& content_hash, std::int64_t model, std::size_t limit) {
  return impl_->guarded([&] {
    std::vector<StoredItem> items;
    Query query(impl_->connection,
                "SELECT id, url, width, height, size, mtime_ns FROM ClipItems WHERE content_hash = ? AND model_id = ? "
                "ORDER BY id",
                content_hash, model);
    while (items.size() < limit && query.step()) {
      items.push_back({query.integer(0), query.text(1), query.small_integer(2), query.small_integer(3),
                       query.integer(4), query.integer(5), ""});
    }
    return items;
  });
}

std::vector<float> Store::read_feature(std::int64_t id, std::int64_t model) {
  return impl_->guarded([&] {
    std::vector<float> feature;
    Query query(impl_->connection, "SELECT feature FROM ClipItems WHERE id = ? AND model_id = ?", id, model);
    if (!query.step() || query.blob(0).size() % sizeof(float) != 0) return feature;
    feature.resize(query.blob(0).size() / sizeof(float));
    if (!feature.empty()) std::memcpy(feature.data(), query.blob(0).data(), query.blob(0).size());
    return feature;
  });
}

std::vector<std::string> Store::paths_with_prefix(const std::string& prefix, const std::string& after,
                                                  std::size_t limit) {
  return impl_->guarded([&] {
    std::vector<std::string> paths;
    // Texts are compared as bytes (collation BINARY), and both halves are read from their index in that order.
    Query query(impl_->connection,
                "SELECT url FROM ClipItems WHERE url >= ?1 AND url > ?2 "
                "UNION SELECT path FROM ClipFailures WHERE path >= ?1 AND path > ?2 ORDER BY 1",
                prefix, after);
    while (paths.size() < limit && query.step()) {
      std::string path = query.text(0);
      if (!path.starts_with(prefix)) break;
      paths.push_back(std::move(path));
    }
    return paths;
  });
}

void Store::for_each_vector(std::int64_t model, const VectorRow& row) {
  impl_->guarded([&] {
    // Reads the table in its own order; an index would only add random accesses.
    Query query(impl_->connection, "SELECT id, feature FROM ClipItems NOT INDEXED WHERE model_id = ? ORDER BY id",
                model);
    while (query.step()) row(query.integer(0), query.blob(1));
  });
}

void Store::for_each_item(std::int64_t model, const ItemRow& row) {
  impl_->guarded([&] {
    Query query(impl_->connection,
                "SELECT id, url, width, height, size, mtime_ns, timestamp, feature FROM ClipItems NOT INDEXED "
                "WHERE model_id = ? ORDER BY id",
                model);
    while (query.step()) {
      row({query.integer(0), query.text(1), query.small_integer(2), query.small_integer(3), query.integer(4),
           query.integer(5)},
          query.integer(6), query.blob(7));
    }
  });
}

void Store::verify() {
  impl_->guarded([&] {
    Query query(impl_->connection, "PRAGMA integrity_check(1)");
    query.step();
    if (query.text(0) != "ok") throw Error(ErrorCode::kCorrupt, file().string() + " is damaged: " + query.text(0));
  });
}

}  // namespace clipseek::store

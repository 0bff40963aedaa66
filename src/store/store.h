// The SQLite database of a catalog: pictures, their vectors, the models that computed these, and recorded failures.
// docs/formats.md, "Database", describes the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clipseek::store {

enum class Access {
  kRead,   // creates no file and changes no row; possible where nothing can be written
  kWrite,  // creates the database and migrates an older one
};

struct StoreModel {
  std::string fingerprint;
  std::string name;
  int dimension = 0;
};

// The properties that distinguish a changed file from an unchanged one, and when they were read.
struct FileState {
  std::int64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t read_ms = 0;  // just before the content was read, milliseconds since 1970: the column `timestamp`
};

struct StoredFile {
  FileState state;
  std::string content_hash;
  bool intact = false;  // its vector has the length of the model's vectors
};

struct StoredFailure {
  FileState state;
  std::string code;  // error_info(code).name
  std::string message;
};

struct StoredItem {
  std::int64_t id = 0;
  std::string url;
  int width = 0;
  int height = 0;
  std::int64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::string extra{};
};

struct NewItem {
  std::string url;
  FileState state;
  std::string content_hash;
  int width = 0;
  int height = 0;
  std::vector<float> feature;
  std::string extra{};  // joined by commas, as hobot_clip has it
};

// All thumbnails of the database.
struct ThumbnailTotals {
  std::int64_t count = 0;
  std::int64_t bytes = 0;
};

enum class PutResult { kAdded, kUpdated };

// The number of items of one model; an empty fingerprint stands for vectors whose model is not recorded.
struct ModelCount {
  StoreModel model;
  std::size_t items = 0;
};

// One connection to the database. Only one thread at a time may use it; a process may have several Stores on one file,
// and a writer never blocks a reader. Paths are bytes and are returned as they were stored. Every function throws
// Error: kStorage (locked by another process for 5 seconds, full disk, read-only, device error), kCorrupt (damaged),
// kLimitExceeded (a value of more than 16 MiB).
class Store {
 public:
  // Also throws kNotFound (kRead and no file, kWrite and no folder), kUnreadable, kCorrupt (not an SQLite database, or
  // the database of another program), kUnsupported (a newer version); the file is then unchanged.
  Store(const std::filesystem::path& file, Access access);
  ~Store();

  // The absolute path, links resolved.
  const std::filesystem::path& file() const;
  // Returns whether the file has been replaced, or changed in a way that only a new Store on it can see.
  bool stale() const;
  // Returns a number that changes whenever another connection, of this or another process, changes the database.
  std::int64_t data_version();

  // Runs `work` in one transaction: all of its changes are stored when this returns, none when it throws.
  void write(const std::function<void()>& work);

  // Returns the id of the model with that fingerprint. Throws kModelMismatch where the database states another
  // dimension for it.
  std::optional<std::int64_t> find_model(const StoreModel& model);
  std::int64_t add_model(const StoreModel& model);  // returns the id of an existing model with that fingerprint
  std::vector<ModelCount> count_by_model();
  std::size_t count_failures();

  std::optional<StoredFile> find_file(const std::string& url, std::int64_t model);
  std::optional<StoredFailure> find_failure(const std::string& url);
  std::optional<StoredItem> find_item(std::int64_t id);
  // Returns at most `limit` items with that content, in the order of their ids.
  std::vector<StoredItem> find_content(const std::string& content_hash, std::int64_t model, std::size_t limit);
  // Returns the vector of a model's item; empty if it has no vector, or if its bytes are not whole floats.
  std::vector<float> read_feature(std::int64_t id, std::int64_t model);
  // Returns the JPEG that is stored with an item.
  std::optional<std::string> find_thumbnail(std::int64_t id);
  ThumbnailTotals thumbnail_totals();
  // Returns whether a thumbnail was stored before `time_ms`.
  bool has_thumbnail_before(std::int64_t time_ms);
  // Returns at most `limit` stored paths, of any model and of failures, that begin with `prefix` and are greater than
  // `after`, in the order of their bytes.
  std::vector<std::string> paths_with_prefix(const std::string& prefix, const std::string& after, std::size_t limit);

  // Calls `row` for each item of a model in the order of the ids, with its feature as it is in the file: of any length
  // and alignment. The bytes are valid until `row` returns.
  using VectorRow = std::function<void(std::int64_t id, std::span<const std::byte> feature)>;
  void for_each_vector(std::int64_t model, const VectorRow& row);
  // The same with all properties of each item; `stored_ms` is when it was stored, in milliseconds since 1970.
  using ItemRow =
      std::function<void(const StoredItem& item, std::int64_t stored_ms, std::span<const std::byte> feature)>;
  void for_each_item(std::int64_t model, const ItemRow& row);

  // Reads the whole database and throws kCorrupt with the first error that SQLite's integrity check finds.
  void verify();

  // The functions below may be called only inside write().

  // Stores a picture under (url, model). Where a row of unknown model has that url, that row is updated. Deletes a
  // recorded failure of that path.
  PutResult put_item(const NewItem& item, std::int64_t model);
  // Stores `jpeg` with the item of (url, model), with the time `stored_ms`, in place of the item's thumbnail. An empty
  // `jpeg` only deletes that.
  void put_thumbnail(const std::string& url, std::int64_t model, std::int64_t stored_ms, const std::string& jpeg);
  // Deletes at most `limit` thumbnails: those stored before `time_ms`, then, while all thumbnails together have more
  // than `max_bytes`, the one that was stored first. Returns how many it deleted.
  std::size_t trim_thumbnails(std::int64_t max_bytes, std::int64_t time_ms, std::size_t limit);
  // Gives a stored item that still has `old_url` the new path and state in `item` (whose feature is not used). Returns
  // whether it did.
  bool move_item(std::int64_t id, const std::string& old_url, const NewItem& item);
  // Records the new state of a file whose content is unchanged.
  void touch_item(const std::string& url, std::int64_t model, const FileState& state);
  // Records that a file cannot be encoded, and deletes what `model` stored of its former content.
  void put_failure(const std::string& url, std::int64_t model, const StoredFailure& failure);
  // Deletes a path for every model. Returns whether it was a picture.
  bool remove_path(const std::string& url);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clipseek::store

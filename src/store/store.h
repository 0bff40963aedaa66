// The SQLite database behind a catalog: pictures, their vectors, the models that made these, and remembered failures.
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
  kRead,   // never creates and never changes a row; also where nothing can be written
  kWrite,  // creates the database and migrates an older one
};

struct StoreModel {
  std::string fingerprint;
  std::string name;
  int dimension = 0;
};

// What tells a changed file from an unchanged one, and when that was looked at.
struct FileState {
  std::int64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t read_ms = 0;  // just before the content was read, milliseconds since 1970: the column `timestamp`
};

struct StoredFile {
  FileState state;
  std::string content_hash;
  bool intact = false;  // its vector has the length that the model's have
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

enum class PutResult { kAdded, kUpdated };

// One row for each model in the database; one with an empty fingerprint for vectors whose model nobody recorded.
struct ModelCount {
  StoreModel model;
  std::size_t items = 0;
};

// One connection to the database. One thread at a time; a process may have several Stores on one file, and a reader is
// never blocked by a writer. Paths are bytes and come back as they went in. Every function throws Error: kStorage
// (locked by another process for 5 seconds, full disk, read-only, device error), kCorrupt (damaged), kLimitExceeded (a
// value of more than 16 MiB).
class Store {
 public:
  // Throws also kNotFound (kRead and no file, kWrite and no folder), kUnreadable, kCorrupt (no SQLite database, or
  // another program's), kUnsupported (a newer version); nothing has been changed then.
  Store(const std::filesystem::path& file, Access access);
  ~Store();

  // The absolute path, links resolved.
  const std::filesystem::path& file() const;
  // Whether the file has been replaced, or changed in a way that only a new Store on it sees.
  bool stale() const;
  // Changes whenever another connection, of this process or another, has changed the database.
  std::int64_t data_version();

  // Runs `work` in one transaction: all of its changes are stored when this returns, none when it throws.
  void write(const std::function<void()>& work);

  // The row of the model with that fingerprint. Throws kModelMismatch when it has another dimension there.
  std::optional<std::int64_t> find_model(const StoreModel& model);
  std::int64_t add_model(const StoreModel& model);  // or finds it
  std::vector<ModelCount> count_by_model();
  std::size_t count_failures();

  std::optional<StoredFile> find_file(const std::string& url, std::int64_t model);
  std::optional<StoredFailure> find_failure(const std::string& url);
  std::optional<StoredItem> find_item(std::int64_t id);
  // The first of that content, at most `limit`, in the order of their ids.
  std::vector<StoredItem> find_content(const std::string& content_hash, std::int64_t model, std::size_t limit);
  // The vector of a model's item; empty when there is none, or when it is not whole floats.
  std::vector<float> read_feature(std::int64_t id, std::int64_t model);
  // Every stored path of any model, and of failures, that begins with `prefix` and is greater than `after`; in order of
  // their bytes.
  std::vector<std::string> paths_with_prefix(const std::string& prefix, const std::string& after, std::size_t limit);

  // The features of a model's items in the order of their ids, as they are in the file: any length and alignment. The
  // bytes live until `row` returns.
  using VectorRow = std::function<void(std::int64_t id, std::span<const std::byte> feature)>;
  void for_each_vector(std::int64_t model, const VectorRow& row);
  // The same with all that is known of each item; `stored_ms` is when it was stored, milliseconds since 1970.
  using ItemRow =
      std::function<void(const StoredItem& item, std::int64_t stored_ms, std::span<const std::byte> feature)>;
  void for_each_item(std::int64_t model, const ItemRow& row);

  // Reads the whole database and throws kCorrupt with what SQLite's integrity check finds wrong in it.
  void verify();

  // Inside write() only:

  // Stores a picture under (url, model); takes over a row of unknown model with that url, if there is one. Forgets a
  // failure of that path.
  PutResult put_item(const NewItem& item, std::int64_t model);
  // Gives a stored item, if it still has `old_url`, the new path and state in `item` (whose feature is not used).
  bool move_item(std::int64_t id, const std::string& old_url, const NewItem& item);
  // Records that a file's content is still the same.
  void touch_item(const std::string& url, std::int64_t model, const FileState& state);
  // Remembers that a file cannot be encoded, and drops what `model` stored of its former content.
  void put_failure(const std::string& url, std::int64_t model, const StoredFailure& failure);
  // Forgets a path, for every model. Returns whether it was a picture.
  bool remove_path(const std::string& url);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clipseek::store

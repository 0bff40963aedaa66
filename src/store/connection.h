// Opens a database file and prepares statements. Internal to store/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string_view>

#include "store/schema.h"
#include "store/store.h"

namespace SQLite {
class Database;
class Statement;
}  // namespace SQLite

namespace clipseek::store {

// One SQLite connection. Only one thread at a time may use it.
class Connection {
 public:
  // Throws the Errors of Store's constructor.
  Connection(const std::filesystem::path& file, Access access);
  ~Connection();

  const std::filesystem::path& file() const { return file_; }
  SQLite::Database& database() { return *database_; }
  Schema schema() const { return schema_; }

  // Returns whether the file has been replaced, or changed in a way that this connection cannot see.
  bool stale() const;

  // Returns the statement `sql`, which is prepared at the first call. The caller must reset it after use.
  SQLite::Statement& prepared(std::string_view sql);

 private:
  void open_for_reading();
  void open_for_writing();
  void open_immutable();

  // Identifies a file and, where it is opened as immutable, its content.
  struct Identity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t mtime_ns = 0;
  };
  static Identity identity(const std::filesystem::path& file);

  std::filesystem::path file_;  // absolute, links resolved: SQLite puts its other files into that folder
  Identity identity_;
  bool immutable_ = false;
  std::unique_ptr<SQLite::Database> database_;
  Schema schema_ = Schema::kEmpty;
  std::map<std::string_view, std::unique_ptr<SQLite::Statement>> statements_;  // keys are string literals
};

}  // namespace clipseek::store

#include "store/connection.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <thread>

#include "base/system_error.h"
#include "clipseek/error.h"
#include "store/sqlite_error.h"

namespace clipseek::store {
namespace {

namespace fs = std::filesystem;

// One read of 100,000 vectors of 512 numbers takes 40 ms, against 100 ms with SQLite's default of 4096 (one row in each
// page, a 72% larger file), 53 ms with 8192 and 33 ms with 32768, which writes more for each change. With rows of 768
// and 1024 numbers the order of the sizes is the same.
constexpr int kPageSize = 16384;

fs::path resolved(const fs::path& file) {
  std::error_code error;
  fs::path absolute = fs::absolute(file, error);
  fs::path canonical = error ? fs::path() : fs::weakly_canonical(absolute, error);
  if (error || canonical.empty()) throw base::system_error("open the database", file.string(), error.value());
  return canonical;
}

// Checks the file without opening it: POSIX locks belong to the process, and closing any descriptor of the database
// releases those that SQLite holds for other connections of this process (sqlite.org/howtocorrupt.html, section 2.2).
// The next process that closes the database would then believe that it is the last and delete the log in use here.
void require_database_or_none(const fs::path& file) {
  std::error_code error;
  fs::file_status status = fs::status(file, error);
  if (!fs::exists(status)) return;
  if (!fs::is_regular_file(status)) {  // opening a pipe or a device could block
    throw Error(ErrorCode::kCorrupt, file.string() + " is not an SQLite database: it is not a regular file");
  }
  // SQLite checks what it opens, except that it treats a file of one byte as an empty database (unixFileSize in
  // os_unix.c) and would overwrite it.
  if (fs::file_size(file, error) == 1) throw Error(ErrorCode::kCorrupt, file.string() + " is not an SQLite database");
}

// Checks the permission of the effective user, like open().
bool permitted(const fs::path& file, int mode) {
  return ::faccessat(AT_FDCWD, file.c_str(), mode, AT_EACCESS) == 0;
}

bool exists_beside(const fs::path& file, const char* suffix) {
  std::error_code error;
  return fs::exists(file.string() + suffix, error);
}

bool has_content_beside(const fs::path& file, const char* suffix) {
  std::error_code error;
  auto size = fs::file_size(file.string() + suffix, error);
  return !error && size > 0;
}

// SQLite would report this too, but only after it has left files beside the database.
void require_writable(const fs::path& file) {
  std::error_code error;
  if (!fs::is_directory(file.parent_path(), error)) {
    throw Error(ErrorCode::kNotFound, "cannot create the database " + file.string() + ": its folder does not exist");
  }
  bool exists = permitted(file, F_OK);
  if (permitted(exists ? file : file.parent_path(), W_OK)) return;
  throw Error(ErrorCode::kStorage, "cannot write the database " + file.string() + ": " +
                                       (exists ? "the file" : "its folder") + " is read-only");
}

// Percent-encodes the characters that have a meaning in a URI (sqlite.org/uri.html).
std::string immutable_uri(const fs::path& file) {
  std::string uri = "file:";
  for (char character : file.string()) {
    switch (character) {
      case '%':
        uri += "%25";
        break;
      case '?':
        uri += "%3f";
        break;
      case '#':
        uri += "%23";
        break;
      default:
        uri += character;
    }
  }
  return uri + "?immutable=1";
}

// Opening waits for a lock through the busy handler, except in this statement: SQLite lets it fail at once where two
// processes create the same database at the same time.
void use_write_ahead_log(SQLite::Database& database) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(kBusyTimeoutMs);
  for (;;) {
    try {
      database.exec("PRAGMA journal_mode = WAL");  // where WAL is impossible (some network disks) another mode stays
      return;
    } catch (const SQLite::Exception& exception) {
      if (exception.getErrorCode() != SQLITE_BUSY || std::chrono::steady_clock::now() > deadline) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
}

constexpr int kThreading = SQLITE_OPEN_NOMUTEX;  // one thread at a time uses a connection

// A vector has a few kilobytes: clipseek stores no value of this size.
constexpr int kMaxValueBytes = 16 << 20;

void guard_against_hostile_files(SQLite::Database& database) {
  database.exec("PRAGMA trusted_schema = OFF");
  sqlite3_limit(database.getHandle(), SQLITE_LIMIT_LENGTH, kMaxValueBytes);
}

}  // namespace

Connection::Connection(const fs::path& file, Access access) : file_(resolved(file)) {
  require_database_or_none(file_);
  with_errors_of(file_, [&] {
    if (access == Access::kRead) {
      open_for_reading();
    } else {
      open_for_writing();
    }
  });
}

Connection::~Connection() = default;

// WAL needs a shared-memory file beside the database even for reading, and a connection without write permission leaves
// that file behind, where it hinders others. So a reader opens the file for writing where that is permitted, but writes
// nothing. Where nothing can be written (a read-only disk or folder, a full disk, another user's file), the file is
// opened as `immutable`: without locks and without the log. That is correct only while no log with changes is beside
// the file and no process writes; stale() detects a writer. Until then, a search that runs during a checkpoint could
// miss a change or report damage, but it cannot cause damage.
void Connection::open_for_reading() {
  if (!permitted(file_, F_OK) && errno == ENOENT) {
    throw Error(ErrorCode::kNotFound,
                "there is no database " + file_.string() + "; create it with 'clipseek index FOLDER'");
  }
  if (!permitted(file_, R_OK)) throw base::system_error("open the database", file_.string(), errno);
  identity_ = identity(file_);
  bool writable = permitted(file_, W_OK) && permitted(file_.parent_path(), W_OK);
  if (!writable && !exists_beside(file_, "-wal") && !exists_beside(file_, "-journal")) return open_immutable();
  try {
    database_ = std::make_unique<SQLite::Database>(
        file_.string(), (writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | kThreading, kBusyTimeoutMs);
    guard_against_hostile_files(*database_);
    database_->exec("PRAGMA query_only = ON");
    schema_ = examine_schema(*database_, file_);
  } catch (const SQLite::Exception& exception) {
    int code = exception.getErrorCode();
    bool cannot_write =
        code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_IOERR || code == SQLITE_FULL;
    if (!cannot_write || has_content_beside(file_, "-wal") || has_content_beside(file_, "-journal")) throw;
    open_immutable();
  }
}

void Connection::open_immutable() {
  immutable_ = true;
  database_ = std::make_unique<SQLite::Database>(immutable_uri(file_),
                                                 SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | kThreading, kBusyTimeoutMs);
  guard_against_hostile_files(*database_);
  schema_ = examine_schema(*database_, file_);
}

void Connection::open_for_writing() {
  require_writable(file_);
  database_ = std::make_unique<SQLite::Database>(
      file_.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | kThreading, kBusyTimeoutMs);
  guard_against_hostile_files(*database_);
  examine_schema(*database_, file_);
  database_->exec("PRAGMA foreign_keys = ON; PRAGMA page_size = " + std::to_string(kPageSize));
  use_write_ahead_log(*database_);
  // NORMAL syncs at checkpoints only. A killed process loses no commit, because the log's pages are in the kernel by
  // then. After a power failure the last commits can be missing, but the database is consistent, and the next index run
  // repeats them.
  database_->exec("PRAGMA synchronous = NORMAL");
  migrate(*database_);
  schema_ = Schema::kCurrent;
  identity_ = identity(file_);
}

Connection::Identity Connection::identity(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino, status.st_size,
          std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
}

bool Connection::stale() const {
  if (schema_ != Schema::kCurrent) return true;  // it may have been migrated since
  Identity now = identity(file_);
  if (now.device != identity_.device || now.inode != identity_.inode) return true;
  if (!immutable_) return false;
  return now.size != identity_.size || now.mtime_ns != identity_.mtime_ns || exists_beside(file_, "-wal");
}

SQLite::Statement& Connection::prepared(std::string_view sql) {
  std::unique_ptr<SQLite::Statement>& statement = statements_[sql];
  if (!statement) statement = std::make_unique<SQLite::Statement>(*database_, std::string(sql));
  return *statement;
}

}  // namespace clipseek::store

#include "store/sqlite_error.h"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <string>

#include "clipseek/error.h"

namespace clipseek::store {
namespace {

// The result codes are described at sqlite.org/rescode.html.
Error to_error(const SQLite::Exception& exception, const std::string& file) {
  std::string detail = std::string(" (SQLite: ") + exception.what() + ")";
  switch (exception.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::kStorage, file + " has been locked by another process for more than " +
                                       std::to_string(kBusyTimeoutMs / 1000) +
                                       " seconds; try again when that process has finished"};
    case SQLITE_FULL:
      return {ErrorCode::kStorage, "cannot write " + file + ": the disk is full"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {ErrorCode::kStorage, "cannot write " + file + ": the file or its folder is read-only" + detail};
    case SQLITE_CANTOPEN:
      return {ErrorCode::kStorage, "cannot open the database " + file + " or a file beside it" + detail};
    case SQLITE_IOERR:
      return {ErrorCode::kStorage,
              "reading or writing " + file + " failed: the disk may be full, over its quota or damaged" + detail};
    case SQLITE_NOTADB:
      return {ErrorCode::kCorrupt, file + " is not an SQLite database"};
    case SQLITE_CORRUPT:
      return {ErrorCode::kCorrupt,
              file + " is damaged" + detail + "; make a new one with 'clipseek index' under another name"};
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
      return {ErrorCode::kCorrupt, file + " does not have the tables of a clipseek database" + detail +
                                       "; make a new one with 'clipseek index' under another name"};
    case SQLITE_TOOBIG:
      return {ErrorCode::kLimitExceeded, file + " holds or would hold a value above the size limit" + detail};
    default:
      return {ErrorCode::kStorage, "the database " + file + " failed" + detail};
  }
}

}  // namespace

void rethrow_as_error(const std::filesystem::path& file) {
  try {
    throw;
  } catch (const SQLite::Exception& exception) {
    throw to_error(exception, file.string());
  }
}

}  // namespace clipseek::store

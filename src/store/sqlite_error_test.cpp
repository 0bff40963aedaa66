#include "store/sqlite_error.h"

#include <SQLiteCpp/Exception.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

#include "clipseek/error.h"

namespace clipseek::store {
namespace {

std::string message_of(int sqlite_code) {
  try {
    with_errors_of("clip.db", [&] { throw SQLite::Exception("reason", sqlite_code); });
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// SQLite often reports a full disk as an I/O error: where the file beside the database that it maps cannot grow.
TEST(SqliteError, AnInputOutputErrorMayBeAFullDisk) {
  EXPECT_EQ(message_of(SQLITE_IOERR),
            "reading or writing clip.db failed: the disk may be full, over its quota or damaged (SQLite: reason)");
}

}  // namespace
}  // namespace clipseek::store

#include "store/schema.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <array>
#include <set>
#include <string>

#include "clipseek/error.h"

namespace clipseek::store {
namespace {

// Element n migrates a database from version n to n + 1. A released element is never changed.
constexpr std::array kMigrations = {
    // The first table is exactly hobot_clip's: a database that hobot_clip created already has it.
    R"sql(
CREATE TABLE IF NOT EXISTS ClipItems(id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER, type BOOLEAN, name TEXT,
  text TEXT, url TEXT, feature BLOB, extra TEXT);
CREATE TABLE ClipModels(id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  dimension INTEGER NOT NULL);
ALTER TABLE ClipItems ADD COLUMN model_id INTEGER REFERENCES ClipModels(id);
ALTER TABLE ClipItems ADD COLUMN content_hash TEXT;
ALTER TABLE ClipItems ADD COLUMN size INTEGER;
ALTER TABLE ClipItems ADD COLUMN mtime_ns INTEGER;
ALTER TABLE ClipItems ADD COLUMN width INTEGER;
ALTER TABLE ClipItems ADD COLUMN height INTEGER;
CREATE UNIQUE INDEX ClipItemsByUrl ON ClipItems(url, model_id);
CREATE INDEX ClipItemsByContent ON ClipItems(model_id, content_hash);
CREATE TABLE ClipFailures(path TEXT PRIMARY KEY, timestamp INTEGER NOT NULL, size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL) WITHOUT ROWID;
)sql",
    // Triggers, not a foreign key with ON DELETE CASCADE: SQLite enforces foreign keys only for connections that ask
    // for it, and hobot_clip and the sqlite3 shell do not. They also keep the totals, so that no picture that is stored
    // needs a scan of the table.
    R"sql(
CREATE TABLE ClipThumbnails(item_id INTEGER PRIMARY KEY, timestamp INTEGER NOT NULL, bytes INTEGER NOT NULL,
  jpeg BLOB NOT NULL);
CREATE INDEX ClipThumbnailsByTime ON ClipThumbnails(timestamp);
CREATE TABLE ClipThumbnailTotals(id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL, bytes INTEGER NOT NULL);
INSERT INTO ClipThumbnailTotals VALUES (1, 0, 0);
CREATE TRIGGER ClipThumbnailAdded AFTER INSERT ON ClipThumbnails BEGIN
  UPDATE ClipThumbnailTotals SET count = count + 1, bytes = bytes + NEW.bytes; END;
CREATE TRIGGER ClipThumbnailDeleted AFTER DELETE ON ClipThumbnails BEGIN
  UPDATE ClipThumbnailTotals SET count = count - 1, bytes = bytes - OLD.bytes; END;
CREATE TRIGGER ClipItemDeleted AFTER DELETE ON ClipItems BEGIN
  DELETE FROM ClipThumbnails WHERE item_id = OLD.id; END;
)sql",
};
constexpr int kVersion = static_cast<int>(kMigrations.size());

int user_version(SQLite::Database& database) {
  return database.execAndGet("PRAGMA user_version").getInt();
}

// Returns whether ClipItems is a table (not a view) with hobot_clip's columns.
bool has_clip_items(SQLite::Database& database) {
  SQLite::Statement columns(database,
                            "SELECT t.name FROM sqlite_schema s, pragma_table_info(s.name) t "
                            "WHERE s.type = 'table' AND s.name = 'ClipItems'");
  std::set<std::string> missing{"id", "timestamp", "type", "name", "text", "url", "feature", "extra"};
  while (columns.executeStep()) missing.erase(columns.getColumn(0).getString());
  return missing.empty();
}

}  // namespace

Schema examine_schema(SQLite::Database& database, const std::filesystem::path& file) {
  // The table ClipItems is checked before user_version, which has another meaning in another program's database.
  if (database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0) return Schema::kEmpty;
  if (!has_clip_items(database)) {
    throw Error(ErrorCode::kCorrupt, file.string() + " is another program's database: it has no table ClipItems");
  }
  int version = user_version(database);
  if (version < 0 || version > kVersion) {
    throw Error(ErrorCode::kUnsupported, file.string() + " was created by a newer clipseek (its schema has version " +
                                             std::to_string(version) + ", this program supports " +
                                             std::to_string(kVersion) + "): use that version, or another database");
  }
  if (database.execAndGet("PRAGMA encoding").getString() != "UTF-8") {
    throw Error(ErrorCode::kUnsupported, file.string() + " stores text as UTF-16, which cannot hold every path");
  }
  return version == 0 ? Schema::kHobotClip : Schema::kCurrent;
}

void migrate(SQLite::Database& database) {
  if (user_version(database) == kVersion) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  // Reads the version again, because another process may have migrated the database before this one got the lock.
  for (int version = user_version(database); version < kVersion; ++version) {
    database.exec(kMigrations[static_cast<std::size_t>(version)]);
  }
  database.exec("PRAGMA user_version = " + std::to_string(kVersion));
  transaction.commit();
}

}  // namespace clipseek::store

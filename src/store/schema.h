// The tables and their versions; docs/formats.md, "Database", describes them. Internal to store/.
#pragma once

#include <filesystem>

namespace SQLite {
class Database;
}

namespace clipseek::store {

enum class Schema {
  kEmpty,      // no tables yet
  kHobotClip,  // version 0: only the table ClipItems, as hobot_clip creates it
  kCurrent,    // with clipseek's columns: the current version, or for reading also version 1, which has no thumbnails
};

// Returns the schema of `database`, which it only reads. Throws Error: kCorrupt for another program's database,
// kUnsupported for one of a newer version; SQLite::Exception.
Schema examine_schema(SQLite::Database& database, const std::filesystem::path& file);

// Migrates a schema that examine_schema accepts to the current version, in one transaction. Throws SQLite::Exception.
void migrate(SQLite::Database& database);

}  // namespace clipseek::store

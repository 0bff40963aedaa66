// The tables and their versions; docs/formats.md, "Database", describes them. Internal to store/.
#pragma once

#include <filesystem>

namespace SQLite {
class Database;
}

namespace clipseek::store {

enum class Schema {
  kEmpty,      // no tables yet
  kHobotClip,  // version 0: the bare table ClipItems, as hobot_clip makes it
  kCurrent,
};

// What `database` holds. Only reads. Throws Error: kCorrupt for a database that is not clipseek's, kUnsupported for one
// of a newer version; SQLite::Exception.
Schema examine_schema(SQLite::Database& database, const std::filesystem::path& file);

// Brings any schema that examine_schema knows to the current version, in one transaction. Throws SQLite::Exception.
void migrate(SQLite::Database& database);

}  // namespace clipseek::store

// Shared by store.cpp and store_write.cpp. Internal to store/.
#pragma once

#include <utility>

#include "store/connection.h"
#include "store/query.h"
#include "store/sqlite_error.h"
#include "store/store.h"

namespace clipseek::store {

struct Store::Impl {
  Impl(const std::filesystem::path& file, Access access) : connection(file, access) {}

  template <typename Function>
  decltype(auto) guarded(Function&& function) {
    return with_errors_of(connection.file(), std::forward<Function>(function));
  }
  // False for a database without clipseek's columns, in which there is nothing to find.
  bool current() const { return connection.schema() == Schema::kCurrent; }

  // False for a database of version 1, which is migrated only for writing. Another process may do that at any time.
  bool has_thumbnails() {
    if (!current()) return false;
    if (!thumbnails) {
      Query query(connection, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'ClipThumbnails'");
      thumbnails = query.step();
    }
    return thumbnails;
  }

  Connection connection;
  bool thumbnails = false;
};

}  // namespace clipseek::store

// One use of a prepared statement. Internal to store/.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "store/connection.h"

namespace clipseek::store {

// Binds values on construction and resets the statement on destruction: a statement that is not reset keeps its read
// transaction open. Bound texts and blobs must outlive the object.
class Query {
 public:
  template <typename... Values>
  Query(Connection& connection, std::string_view sql, const Values&... values) : statement_(connection.prepared(sql)) {
    int index = 0;
    (bind(++index, values), ...);
  }
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  // Moves to the next row; returns false after the last row.
  bool step();
  // Runs a statement that returns no rows; returns how many rows it changed.
  int run();

  std::int64_t integer(int column) const;
  int small_integer(int column) const;  // clamped to int
  std::string text(int column) const;
  std::span<const std::byte> blob(int column) const;  // valid until the next step

 private:
  void bind(int index, std::int64_t value);
  void bind(int index, int value) { bind(index, std::int64_t{value}); }
  void bind(int index, const std::string& value);
  void bind(int index, std::span<const std::byte> value);

  SQLite::Statement& statement_;
};

}  // namespace clipseek::store

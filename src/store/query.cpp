#include "store/query.h"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <limits>

namespace clipseek::store {

Query::~Query() {
  statement_.tryReset();
}

bool Query::step() {
  return statement_.executeStep();
}

int Query::run() {
  return statement_.exec();
}

std::int64_t Query::integer(int column) const {
  return statement_.getColumn(column).getInt64();
}

int Query::small_integer(int column) const {
  return static_cast<int>(
      std::clamp<std::int64_t>(integer(column), std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}

std::string Query::text(int column) const {
  return statement_.getColumn(column).getString();
}

std::span<const std::byte> Query::blob(int column) const {
  SQLite::Column value = statement_.getColumn(column);
  const auto* data =
      static_cast<const std::byte*>(value.getBlob());  // must precede getBytes, which may convert the value
  return {data, static_cast<std::size_t>(value.getBytes())};
}

void Query::bind(int index, std::int64_t value) {
  statement_.bind(index, static_cast<int64_t>(value));
}

void Query::bind(int index, const std::string& value) {
  statement_.bindNoCopy(index, value);
}

void Query::bind(int index, std::span<const std::byte> value) {
  statement_.bindNoCopy(index, value.data(), static_cast<int>(value.size()));
}

}  // namespace clipseek::store

// JSON values (RFC 8259), read from untrusted text and written compactly. The parser is nlohmann::json, which only
// json.cpp includes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace clipseek::base {

class Json {
 public:
  using Array = std::vector<Json>;
  // The members in the order of the text. Duplicate names are kept, so that a format that forbids them can refuse them.
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() = default;  // null
  Json(bool value) : value_(value) {}
  Json(std::int64_t value) : value_(value) {}
  Json(int value) : value_(std::int64_t{value}) {}
  Json(std::size_t value) : value_(static_cast<std::int64_t>(value)) {}
  Json(double value) : value_(value) {}
  Json(float value) : value_(value) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}

  // Parses one JSON text. `name` (a file name) begins the message of every error. Throws Error kCorrupt for text that
  // is not valid JSON or is nested deeper than 64 levels.
  static Json parse(std::string_view text, std::string_view name);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }
  bool is_number() const;
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  // Returns the first member named `key`; a null pointer if no member has that name or this value is not an object.
  const Json* find(std::string_view key) const;

  // Each returns the value as one type, and throws Error kCorrupt naming `what` where the value has another type.
  bool as_bool(std::string_view what) const;
  std::int64_t as_integer(std::string_view what) const;
  double as_number(std::string_view what) const;
  const std::string& as_string(std::string_view what) const;
  const Array& as_array(std::string_view what) const;
  const Object& as_object(std::string_view what) const;

  // Returns the value as JSON on one line: numbers in the shortest form that parses to the same value; bytes that are
  // not valid UTF-8 become U+FFFD; a number that JSON cannot represent (NaN, infinity) becomes null.
  std::string dump() const;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, float, std::string, Array, Object> value_;
};

// A JSON array of numbers, as `encode --json` prints a feature.
Json to_json(std::span<const float> values);

}  // namespace clipseek::base

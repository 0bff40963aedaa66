#include "base/json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "clipseek/error.h"

namespace clipseek::base {
namespace {

constexpr std::size_t kMaxDepth = 64;

// Builds a Json from nlohmann's SAX events, so that duplicate keys are kept and depth is bounded while parsing.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(std::string_view name) : name_(name) {}
  Json take() { return std::move(root_); }

  bool null() override { return add(Json()); }
  bool boolean(bool value) override { return add(Json(value)); }
  bool number_integer(number_integer_t value) override { return add(Json(std::int64_t{value})); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(INT64_MAX)) return add(Json(static_cast<double>(value)));
    return add(Json(static_cast<std::int64_t>(value)));
  }
  bool number_float(number_float_t value, const string_t&) override { return add(Json(value)); }
  bool string(string_t& value) override { return add(Json(std::move(value))); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Frame{true, {}, {}, {}}); }
  bool key(string_t& value) override {
    frames_.back().key = std::move(value);
    return true;
  }
  bool end_object() override { return close(Json(std::move(frames_.back().object))); }
  bool start_array(std::size_t) override { return open(Frame{false, {}, {}, {}}); }
  bool end_array() override { return close(Json(std::move(frames_.back().array))); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    throw Error(ErrorCode::kCorrupt, std::string(name_) + ": invalid JSON at byte " + std::to_string(position));
  }

 private:
  struct Frame {
    bool is_object;
    std::string key;
    Json::Object object;
    Json::Array array;
  };

  bool open(Frame frame) {
    if (frames_.size() >= kMaxDepth) {
      throw Error(ErrorCode::kCorrupt,
                  std::string(name_) + ": JSON nested deeper than " + std::to_string(kMaxDepth) + " levels");
    }
    frames_.push_back(std::move(frame));
    return true;
  }
  bool close(Json value) {
    frames_.pop_back();
    return add(std::move(value));
  }
  bool add(Json value) {
    if (frames_.empty()) {
      root_ = std::move(value);
    } else if (Frame& frame = frames_.back(); frame.is_object) {
      frame.object.emplace_back(std::move(frame.key), std::move(value));
    } else {
      frame.array.push_back(std::move(value));
    }
    return true;
  }

  std::string_view name_;
  std::vector<Frame> frames_;
  Json root_;
};

template <typename Number>
void append_number(Number value, std::string& out) {
  std::array<char, 32> buffer;
  auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out.append(buffer.data(), end);
}

void append_string(const std::string& text, std::string& out) {
  out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

struct Dumper {
  std::string& out;

  void operator()(std::monostate) { out += "null"; }
  void operator()(bool value) { out += value ? "true" : "false"; }
  void operator()(std::int64_t value) { append_number(value, out); }
  void operator()(double value) { real(value); }
  void operator()(float value) { real(value); }
  void operator()(const std::string& value) { append_string(value, out); }
  void operator()(const Json::Array& values) {
    out += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out += ',';
      out += values[i].dump();
    }
    out += ']';
  }
  void operator()(const Json::Object& members) {
    out += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out += ',';
      append_string(members[i].first, out);
      out += ':';
      out += members[i].second.dump();
    }
    out += '}';
  }
  template <typename Number>
  void real(Number value) {
    if (std::isfinite(value)) {
      append_number(value, out);
    } else {
      out += "null";
    }
  }
};

[[noreturn]] void wrong_type(std::string_view what, std::string_view expected) {
  throw Error(ErrorCode::kCorrupt, std::string(what) + " is not " + std::string(expected));
}

}  // namespace

Json Json::parse(std::string_view text, std::string_view name) {
  Builder builder(name);
  nlohmann::json::sax_parse(text, &builder);
  return builder.take();
}

bool Json::is_number() const {
  return is_integer() || std::holds_alternative<double>(value_) || std::holds_alternative<float>(value_);
}

const Json* Json::find(std::string_view key) const {
  if (!is_object()) return nullptr;
  for (const auto& [name, value] : std::get<Object>(value_)) {
    if (name == key) return &value;
  }
  return nullptr;
}

bool Json::as_bool(std::string_view what) const {
  if (!is_bool()) wrong_type(what, "true or false");
  return std::get<bool>(value_);
}

std::int64_t Json::as_integer(std::string_view what) const {
  if (!is_integer()) wrong_type(what, "a whole number");
  return std::get<std::int64_t>(value_);
}

double Json::as_number(std::string_view what) const {
  if (is_integer()) return static_cast<double>(std::get<std::int64_t>(value_));
  if (std::holds_alternative<float>(value_)) return std::get<float>(value_);
  if (!is_number()) wrong_type(what, "a number");
  return std::get<double>(value_);
}

const std::string& Json::as_string(std::string_view what) const {
  if (!is_string()) wrong_type(what, "a string");
  return std::get<std::string>(value_);
}

const Json::Array& Json::as_array(std::string_view what) const {
  if (!is_array()) wrong_type(what, "an array");
  return std::get<Array>(value_);
}

const Json::Object& Json::as_object(std::string_view what) const {
  if (!is_object()) wrong_type(what, "an object");
  return std::get<Object>(value_);
}

std::string Json::dump() const {
  std::string out;
  std::visit(Dumper{out}, value_);
  return out;
}

Json to_json(std::span<const float> values) {
  Json::Array array;
  array.reserve(values.size());
  for (float value : values) array.emplace_back(value);
  return array;
}

}  // namespace clipseek::base

#include "ros2/parameter_value.h"

#include <array>
#include <charconv>

#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

std::string number_text(auto value) {
  std::array<char, 32> buffer;
  auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), end);
}

struct ToText {
  std::string operator()(std::monostate) const { return "not set"; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return number_text(value); }
  std::string operator()(double value) const { return number_text(value); }
  std::string operator()(std::byte value) const { return number_text(std::to_integer<int>(value)); }
  std::string operator()(const std::string& value) const { return value; }
  template <typename T>
  std::string operator()(const std::vector<T>& values) const {
    std::string text = "[";
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text += ", ";
      text += (*this)(static_cast<T>(values[i]));
    }
    return text + "]";
  }
};

struct ToMessage {
  ParameterValueMessage& message;
  void operator()(std::monostate) const {}
  void operator()(bool value) const { message.bool_value = value; }
  void operator()(std::int64_t value) const { message.integer_value = value; }
  void operator()(double value) const { message.double_value = value; }
  void operator()(const std::string& value) const { message.string_value = value; }
  void operator()(const std::vector<std::byte>& value) const { message.byte_array_value = value; }
  void operator()(const std::vector<bool>& value) const { message.bool_array_value = value; }
  void operator()(const std::vector<std::int64_t>& value) const { message.integer_array_value = value; }
  void operator()(const std::vector<double>& value) const { message.double_array_value = value; }
  void operator()(const std::vector<std::string>& value) const { message.string_array_value = value; }
};

}  // namespace

ParameterType type_of(const ParameterValue& value) {
  return static_cast<ParameterType>(value.index());
}

std::string_view type_text(ParameterType type) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "not set",    "bool",       "integer",       "double",       "string",
      "byte_array", "bool_array", "integer_array", "double_array", "string_array"};
  return kNames.at(static_cast<std::size_t>(type));
}

std::string value_text(const ParameterValue& value) {
  return std::visit(ToText{}, value);
}

ParameterValueMessage to_message(const ParameterValue& value) {
  ParameterValueMessage message;
  message.type = static_cast<std::uint8_t>(value.index());
  std::visit(ToMessage{message}, value);
  return message;
}

ParameterValue from_message(const ParameterValueMessage& message) {
  switch (static_cast<ParameterType>(message.type)) {
    case ParameterType::kNotSet:
      return std::monostate{};
    case ParameterType::kBool:
      return message.bool_value;
    case ParameterType::kInteger:
      return message.integer_value;
    case ParameterType::kDouble:
      return message.double_value;
    case ParameterType::kString:
      return message.string_value;
    case ParameterType::kByteArray:
      return message.byte_array_value;
    case ParameterType::kBoolArray:
      return message.bool_array_value;
    case ParameterType::kIntegerArray:
      return message.integer_array_value;
    case ParameterType::kDoubleArray:
      return message.double_array_value;
    case ParameterType::kStringArray:
      return message.string_array_value;
  }
  throw Error(ErrorCode::kCorrupt, "unknown parameter type " + std::to_string(message.type));
}

}  // namespace clipseek::ros2

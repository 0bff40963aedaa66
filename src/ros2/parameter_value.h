// The value of a ROS parameter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ros2/msg/rcl_interfaces.h"

namespace clipseek::ros2 {

// The values are those of rcl_interfaces/msg/ParameterType and also the index of the alternative in ParameterValue.
enum class ParameterType : std::uint8_t {
  kNotSet = 0,
  kBool = 1,
  kInteger = 2,
  kDouble = 3,
  kString = 4,
  kByteArray = 5,
  kBoolArray = 6,
  kIntegerArray = 7,
  kDoubleArray = 8,
  kStringArray = 9,
};

using ParameterValue =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::byte>, std::vector<bool>,
                 std::vector<std::int64_t>, std::vector<double>, std::vector<std::string>>;

ParameterType type_of(const ParameterValue& value);
// The type's name in rclcpp's messages, such as "integer" or "string_array".
std::string_view type_text(ParameterType type);
// The value as `ros2 param get` prints it, such as "0.5" or "[a, b]".
std::string value_text(const ParameterValue& value);

ParameterValueMessage to_message(const ParameterValue& value);
// Throws Error kCorrupt for a type that does not exist.
ParameterValue from_message(const ParameterValueMessage& message);

}  // namespace clipseek::ros2

// A node's parameters: declared once with a value of one type, readable and settable from outside.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ros2/parameter_value.h"

namespace clipseek::ros2 {

// Says why a value is not allowed; nothing if it is.
using ParameterCheck = std::function<std::optional<std::string>(const ParameterValue&)>;

struct ParameterDescription {
  std::string text{};
  std::string constraints{};  // further rules, in words
  bool read_only = false;
  std::optional<IntegerRange> integer_range{};
  std::optional<FloatingPointRange> floating_point_range{};
  ParameterCheck check{};
};

struct ParameterChange {
  std::string name;
  ParameterValue value;
  bool is_new = false;
};

// Any thread may use it. The texts of refusals are rclcpp's, which tools and people know.
class Parameters {
 public:
  // `override_of` finds the value that the command line gives a parameter; `changed` is told of every new value.
  Parameters(std::function<const ParameterValue*(const std::string&)> override_of,
             std::function<void(const std::vector<ParameterChange>&)> changed)
      : override_of_(std::move(override_of)), changed_(std::move(changed)) {}

  // Declares a parameter and returns its value: that of the command line, else `value`. Its type is the type of
  // `value` for good. Throws Error kInvalidArgument when it is declared already or the command line's value is refused.
  ParameterValue declare(const std::string& name, const ParameterValue& value, ParameterDescription description = {});

  // Throws Error kNotFound for a name that is not declared, kInvalidArgument for another type.
  template <typename T>
  T get(const std::string& name) const {
    ParameterValue value = get_value(name);
    if (!std::holds_alternative<T>(value)) wrong_type(name, value);
    return std::get<T>(value);
  }

  // Nothing for a name that is not declared.
  std::optional<ParameterValue> find(const std::string& name) const;
  std::optional<ParameterDescriptor> describe(const std::string& name) const;

  SetParametersResult set(const std::string& name, const ParameterValue& value);
  // All of them or none.
  SetParametersResult set_atomically(const std::vector<std::pair<std::string, ParameterValue>>& values);

  // The names below `prefixes` (all for none) with fewer than `depth` dots after the prefix (0: any number).
  ListParametersResult list(const std::vector<std::string>& prefixes, std::uint64_t depth) const;

  // All values, by name.
  std::map<std::string, ParameterValue> all() const;

 private:
  struct Entry {
    ParameterValue value;
    ParameterDescription description;
  };

  ParameterValue get_value(const std::string& name) const;
  [[noreturn]] static void wrong_type(const std::string& name, const ParameterValue& value);
  // Why `value` cannot be set; empty if it can.
  static std::string refusal(const std::string& name, const Entry& entry, const ParameterValue& value);

  std::function<const ParameterValue*(const std::string&)> override_of_;
  std::function<void(const std::vector<ParameterChange>&)> changed_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace clipseek::ros2

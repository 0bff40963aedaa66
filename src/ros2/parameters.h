// The parameters of a node. Each is declared once, with a value that fixes its type; other nodes can read and set it.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ros2/parameter_value.h"

namespace clipseek::ros2 {

// Returns the reason why a value is not allowed, std::nullopt if it is allowed.
using ParameterCheck = std::function<std::optional<std::string>(const ParameterValue&)>;

struct ParameterDescription {
  std::string text{};
  std::string constraints{};  // further constraints, as text for users
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

// Thread-safe. The reasons of rejected changes have rclcpp's wording, which ROS tools and users know.
class Parameters {
 public:
  // `override_of` returns a parameter's value from the command line or a null pointer; `changed` is called after every
  // change with the new values. If it throws Error, the change is undone and refused with the message of the error. It
  // may declare parameters but not set them.
  Parameters(std::function<const ParameterValue*(const std::string&)> override_of,
             std::function<void(const std::vector<ParameterChange>&)> changed)
      : override_of_(std::move(override_of)), changed_(std::move(changed)) {}

  // Declares a parameter and returns its value: the one from the command line, else `value`. Its type is permanently
  // that of `value`. Throws Error kInvalidArgument when it is already declared or the value from the command line is
  // not allowed.
  ParameterValue declare(const std::string& name, const ParameterValue& value, ParameterDescription description = {});

  // Throws Error kNotFound for a name that is not declared, kInvalidArgument for another type.
  template <typename T>
  T get(const std::string& name) const {
    ParameterValue value = get_value(name);
    if (!std::holds_alternative<T>(value)) wrong_type(name, value);
    return std::get<T>(value);
  }

  // Whether the command line has a value for the parameter.
  bool is_given(const std::string& name) const { return override_of_(name) != nullptr; }

  // Returns std::nullopt for a name that is not declared.
  std::optional<ParameterValue> find(const std::string& name) const;
  std::optional<ParameterDescriptor> describe(const std::string& name) const;

  SetParametersResult set(const std::string& name, const ParameterValue& value);
  // Sets either all values or none, one call at a time.
  SetParametersResult set_atomically(const std::vector<std::pair<std::string, ParameterValue>>& values);

  // The names below `prefixes` (empty: all names) with fewer than `depth` dots after the prefix (0: any number of
  // dots).
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
  // The reason why `value` cannot be set; empty if it can.
  static std::string rejection(const std::string& name, const Entry& entry, const ParameterValue& value);

  std::function<const ParameterValue*(const std::string&)> override_of_;
  std::function<void(const std::vector<ParameterChange>&)> changed_;
  std::mutex setting_mutex_;  // held while values are set and, if necessary, restored; locked before mutex_
  mutable std::mutex mutex_;  // guards entries_
  std::map<std::string, Entry> entries_;
};

}  // namespace clipseek::ros2

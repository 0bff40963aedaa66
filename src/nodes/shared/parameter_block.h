// Declares the parameters of a node at its start and logs them as a block, in the format of hobot_clip.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ros2/node.h"

namespace clipseek::nodes {

class ParameterBlock {
 public:
  explicit ParameterBlock(ros2::Parameters& parameters) : parameters_(parameters) {}

  // Declares a read-only parameter and returns its value. The log shows `label` instead of the name, unless it is
  // empty. Throws Error kInvalidArgument when the value from the command line is not allowed.
  template <typename T>
  T declare(const std::string& name, const T& value, const std::string& text, const std::string& label = "",
            ros2::ParameterDescription description = {}) {
    description.read_only = true;
    return add(name, value, text, label, std::move(description));
  }
  // Declares a parameter that can be set while the node runs; Parameters::get() returns its current value.
  template <typename T>
  void declare_changeable(const std::string& name, const T& value, const std::string& text,
                          const std::string& label = "", ros2::ParameterDescription description = {}) {
    add(name, value, text, label, std::move(description));
  }
  // Declares a read-only integer parameter from `min` to `max`.
  int declare_integer(const std::string& name, int value, int min, int max, const std::string& text,
                      const std::string& label = "") {
    ros2::ParameterDescription description;
    description.integer_range = ros2::IntegerRange{min, max, 1};
    return static_cast<int>(declare(name, std::int64_t{value}, text, label, std::move(description)));
  }
  // Declares a read-only parameter whose value is one of `choices`; the first one is the default.
  std::string declare_choice(const std::string& name, const std::vector<std::string>& choices,
                             const std::string& text) {
    ros2::ParameterDescription description;
    for (const std::string& choice : choices) {
      description.constraints += (description.constraints.empty() ? "" : ", ") + choice;
    }
    description.check = [name, choices, list = description.constraints](
                            const ros2::ParameterValue& value) -> std::optional<std::string> {
      if (std::ranges::find(choices, std::get<std::string>(value)) != choices.end()) return std::nullopt;
      return name + " must be one of " + list;
    };
    return declare(name, choices.front(), text, "", std::move(description));
  }
  // The range of a floating-point parameter, as a description for declare() and declare_changeable().
  static ros2::ParameterDescription range(double min, double max) {
    ros2::ParameterDescription description;
    description.floating_point_range = ros2::FloatingPointRange{min, max, 0};
    return description;
  }

  void log(ros2::Logger& logger) const { logger.warn("Parameter:" + lines_); }

 private:
  template <typename T>
  T add(const std::string& name, const T& value, const std::string& text, const std::string& label,
        ros2::ParameterDescription description) {
    description.text = text;
    ros2::ParameterValue declared = parameters_.declare(name, value, std::move(description));
    lines_ += "\n " + (label.empty() ? name : label) + ": " + ros2::value_text(declared);
    return std::get<T>(std::move(declared));
  }

  ros2::Parameters& parameters_;
  std::string lines_;
};

}  // namespace clipseek::nodes

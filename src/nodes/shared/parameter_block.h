// Declares the parameters of a node at its start and logs them as a block, in the format of hobot_clip.
#pragma once

#include <string>
#include <utility>

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
    description.text = text;
    description.read_only = true;
    ros2::ParameterValue declared = parameters_.declare(name, value, std::move(description));
    lines_ += "\n " + (label.empty() ? name : label) + ": " + ros2::value_text(declared);
    return std::get<T>(std::move(declared));
  }
  // Declares a parameter that can be set while the node runs; Parameters::get() returns its current value.
  template <typename T>
  void declare_changeable(const std::string& name, const T& value, const std::string& text,
                          const std::string& label = "", ros2::ParameterDescription description = {}) {
    description.text = text;
    ros2::ParameterValue declared = parameters_.declare(name, value, std::move(description));
    lines_ += "\n " + (label.empty() ? name : label) + ": " + ros2::value_text(declared);
  }
  // Declares an integer parameter from `min` to `max`.
  int declare_integer(const std::string& name, int value, int min, int max, const std::string& text,
                      const std::string& label = "") {
    ros2::ParameterDescription description;
    description.integer_range = ros2::IntegerRange{min, max, 1};
    return static_cast<int>(declare(name, std::int64_t{value}, text, label, std::move(description)));
  }

  void log(ros2::Logger& logger) const { logger.warn("Parameter:" + lines_); }

 private:
  ros2::Parameters& parameters_;
  std::string lines_;
};

}  // namespace clipseek::nodes

// A node's parameters at its start, and the block of log lines that shows them, as hobot_clip prints it.
#pragma once

#include <string>
#include <utility>

#include "ros2/node.h"

namespace clipseek::nodes {

class ParameterBlock {
 public:
  explicit ParameterBlock(ros2::Node& node) : node_(node) {}

  // Declares a parameter that stays as it is while the node runs, and returns its value. The log calls it `label`,
  // where one is given. Throws Error kInvalidArgument for a value on the command line that is refused.
  template <typename T>
  T declare(const std::string& name, const T& value, const std::string& text, const std::string& label = "",
            ros2::ParameterDescription description = {}) {
    description.text = text;
    description.read_only = true;
    ros2::ParameterValue declared = node_.parameters().declare(name, value, std::move(description));
    lines_ += "\n " + (label.empty() ? name : label) + ": " + ros2::value_text(declared);
    return std::get<T>(std::move(declared));
  }
  // An integer from `least` to `most`.
  int declare_integer(const std::string& name, int value, int least, int most, const std::string& text,
                      const std::string& label = "") {
    ros2::ParameterDescription description;
    description.integer_range = ros2::IntegerRange{least, most, 1};
    return static_cast<int>(declare(name, std::int64_t{value}, text, label, std::move(description)));
  }

  void log() const { node_.logger().warn("Parameter:" + lines_); }

 private:
  ros2::Node& node_;
  std::string lines_;
};

}  // namespace clipseek::nodes

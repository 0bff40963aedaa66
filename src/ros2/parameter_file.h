// Parameter values from YAML: the files of --params-file and the values of -p. They are read with libyaml, as ROS 2's
// own rcl_yaml_param_parser reads them, so that both accept the same files; libyaml stays inside parameter_file.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ros2/parameter_value.h"

namespace clipseek::ros2 {

// A value for parameter `name` of every node that `node_pattern` fits ("/ns/node", "/**").
struct ParameterOverride {
  std::string node_pattern;
  std::string name;
  ParameterValue value;
};

// The values of a parameter file, in its order. `name` (a file name) begins the message of every error. Throws Error
// kCorrupt: no YAML, or not of the form "node: ros__parameters: name: value"; kUnsupported: YAML aliases.
std::vector<ParameterOverride> parse_parameter_file(std::string_view yaml, std::string_view name);

// One value as `-p name:=yaml` gives it: a scalar, or a list of scalars of one type.
ParameterValue parse_parameter_value(std::string_view yaml, std::string_view name);

// The type that ROS gives an unquoted YAML scalar: true and yes are bool, 0x1F integer, 1e3 double, and the rest text.
ParameterValue scalar_value(const std::string& text);

}  // namespace clipseek::ros2

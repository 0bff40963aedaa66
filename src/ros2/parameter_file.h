// Parameter values from YAML: the files of --params-file and the values of -p. The parser is libyaml, as in ROS 2's own
// rcl_yaml_param_parser, so that both accept the same files; only parameter_file.cpp includes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ros2/parameter_value.h"

namespace clipseek::ros2 {

// A value for parameter `name` of every node whose fully qualified name matches `node_pattern` ("/ns/node", "/**").
struct ParameterOverride {
  std::string node_pattern;
  std::string name;
  ParameterValue value;
};

// Parses a parameter file; the values are in the order of the file. `name` (a file name) begins the message of every
// error. Throws Error kCorrupt for invalid YAML and for YAML that is not of the form "node: ros__parameters: name:
// value", kUnsupported for YAML aliases.
std::vector<ParameterOverride> parse_parameter_file(std::string_view yaml, std::string_view name);

// Parses the value of `-p name:=yaml`: a scalar, or a list of scalars of one type. Throws as parse_parameter_file().
ParameterValue parse_parameter_value(std::string_view yaml, std::string_view name);

// Converts an unquoted YAML scalar to the type that rcl_yaml_param_parser gives it: "true" and "yes" to bool, "0x1F" to
// integer, "1e3" to double, anything else to string.
ParameterValue scalar_value(const std::string& text);

}  // namespace clipseek::ros2

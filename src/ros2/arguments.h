// The ROS part of a command line, `--ros-args ... [--]`, as rcl reads it: parameters, remaps, log levels.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ros2/parameter_file.h"

namespace clipseek::ros2 {

// Numbers of rcl_interfaces/msg/Log.
enum class Severity : std::uint8_t { kUnset = 0, kDebug = 10, kInfo = 20, kWarn = 30, kError = 40, kFatal = 50 };

struct RemapRule {
  enum class Kind { kNodeName, kNamespace, kTopic, kService, kTopicOrService };
  Kind kind;
  std::string node;  // of that node only; empty: of all
  std::string from;  // empty for a node name or namespace
  std::string to;
};

struct Arguments {
  std::vector<RemapRule> remaps;
  std::vector<ParameterOverride> parameters;
  std::optional<Severity> log_level;
  std::map<std::string, Severity> logger_levels;  // by logger name
  std::string enclave = "/";
  std::string log_file_name;  // prefix of the log file; empty: the program's name
  bool console_logs = true;
  bool rosout_logs = true;
  bool file_logs = true;
  std::vector<std::string> other;  // what is not ROS's, in order, without the program's name

  // The value for parameter `name` of the node "/ns/node": the last that fits.
  const ParameterValue* parameter(std::string_view node, std::string_view name) const;
};

// Reads `arguments` (without the program's name). Throws Error kInvalidArgument for anything between --ros-args and --
// that rcl would refuse, and what parse_parameter_file throws.
Arguments parse_arguments(std::span<const std::string> arguments);
Arguments parse_arguments(int argc, const char* const* argv);

// Name and namespace of a node after `__node` and `__ns` rules.
struct NodeIdentity {
  std::string name;
  std::string name_space;
};
NodeIdentity remap_node(const Arguments& arguments, std::string_view name, std::string_view name_space);

// The absolute name of a topic or service of `node` after expansion and the first rule that fits.
std::string remap_topic(const Arguments& arguments, const NodeIdentity& node, std::string_view name);
std::string remap_service(const Arguments& arguments, const NodeIdentity& node, std::string_view name);

// "debug", "WARN": nothing for a word that is no level.
std::optional<Severity> severity_from(std::string_view word);

}  // namespace clipseek::ros2

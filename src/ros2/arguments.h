// The ROS arguments of a command line, `--ros-args ... [--]`, parsed as rcl does: parameters, remap rules, log levels.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ros2/parameter_file.h"

namespace clipseek::ros2 {

// The values are those of rcl_interfaces/msg/Log.
enum class Severity : std::uint8_t { kUnset = 0, kDebug = 10, kInfo = 20, kWarn = 30, kError = 40, kFatal = 50 };

struct RemapRule {
  enum class Kind { kNodeName, kNamespace, kTopic, kService, kTopicOrService };
  Kind kind;
  std::string node;  // the node that the rule applies to; empty: every node
  std::string from;  // empty for kNodeName and kNamespace
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
  std::vector<std::string> other;  // the arguments outside --ros-args, in order, without the program's name

  // The value for parameter `name` of the fully qualified `node`: the last one that matches, or a null pointer.
  const ParameterValue* parameter(std::string_view node, std::string_view name) const;
  // The level of a logger at its start: kInfo unless an argument sets another.
  Severity level_of(const std::string& logger) const;
};

// Parses `arguments` (without the program's name). Throws Error kInvalidArgument for anything between --ros-args and --
// that rcl would reject, and the errors of parse_parameter_file.
Arguments parse_arguments(std::span<const std::string> arguments);
Arguments parse_arguments(int argc, const char* const* argv);

// The name and namespace of a node after the `__node` and `__ns` rules are applied.
struct NodeIdentity {
  std::string name;
  std::string name_space;
};
NodeIdentity remap_node(const Arguments& arguments, std::string_view name, std::string_view name_space);

// The absolute name of a topic or service of `node` after expansion and the first remap rule that matches.
std::string remap_topic(const Arguments& arguments, const NodeIdentity& node, std::string_view name);
std::string remap_service(const Arguments& arguments, const NodeIdentity& node, std::string_view name);

// Parses a level such as "debug" or "WARN"; returns std::nullopt for any other word.
std::optional<Severity> severity_from(std::string_view word);
// The level with this value; std::nullopt for any other number.
std::optional<Severity> severity_from(std::uint32_t value);

}  // namespace clipseek::ros2

#include "ros2/arguments.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

#include "base/ascii.h"
#include "base/log.h"
#include "base/mapped_file.h"
#include "clipseek/error.h"
#include "ros2/names.h"

namespace clipseek::ros2 {
namespace {

constexpr std::size_t kMaxParameterFile = 16U << 20;
constexpr std::string_view kAssign = ":=";

Error invalid_argument(const std::string& message) {
  return Error(ErrorCode::kInvalidArgument, message);
}

struct Assignment {
  std::string left;
  std::string right;
};

std::optional<Assignment> split_assignment(const std::string& text) {
  std::size_t at = text.find(kAssign);
  if (at == std::string::npos || at == 0) return std::nullopt;
  return Assignment{text.substr(0, at), text.substr(at + kAssign.size())};
}

// Removes a prefix "node:" from `text` and returns the node name. The colon of "rostopic://" is not such a prefix.
std::string take_node_prefix(std::string& text) {
  std::size_t colon = text.find(':');
  if (colon == std::string::npos || text.compare(colon, 3, "://") == 0) return "";
  std::string node = text.substr(0, colon);
  check_node_name(node);
  text.erase(0, colon + 1);
  return node;
}

bool take_prefix(std::string& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.erase(0, prefix.size());
  return true;
}

RemapRule parse_remap(const std::string& text) {
  std::optional<Assignment> assignment = split_assignment(text);
  if (!assignment || assignment->right.empty())
    throw invalid_argument("remap rule '" + text + "' is not of the form from:=to");
  RemapRule rule{RemapRule::Kind::kTopicOrService, take_node_prefix(assignment->left), assignment->left,
                 assignment->right};
  if (rule.from == "__node" || rule.from == "__name") {
    check_node_name(rule.to);
    return {RemapRule::Kind::kNodeName, rule.node, "", rule.to};
  }
  if (rule.from == "__ns") {
    if (!rule.to.starts_with('/')) throw invalid_argument("remap rule '" + text + "': a namespace begins with '/'");
    return {RemapRule::Kind::kNamespace, rule.node, "", normalized_namespace(rule.to)};
  }
  if (take_prefix(rule.from, "rostopic://")) rule.kind = RemapRule::Kind::kTopic;
  if (take_prefix(rule.from, "rosservice://")) rule.kind = RemapRule::Kind::kService;
  expand_name(rule.from, "/", "node");  // throws for an invalid name now, before a node uses the rule
  expand_name(rule.to, "/", "node");
  return rule;
}

// -p without a node name applies to every node. With a node name it applies to "/node", because rcl places that node in
// the root namespace.
ParameterOverride parse_parameter(const std::string& text) {
  std::optional<Assignment> assignment = split_assignment(text);
  if (!assignment) throw invalid_argument("parameter '" + text + "' is not of the form name:=value");
  std::string node = take_node_prefix(assignment->left);
  if (assignment->left.empty()) throw invalid_argument("parameter '" + text + "' has no name");
  return {node.empty() ? "/**" : "/" + node, assignment->left,
          parse_parameter_value(assignment->right, assignment->left)};
}

class Parser {
 public:
  explicit Parser(std::span<const std::string> arguments) : arguments_(arguments) {}

  Arguments parse() {
    while (position_ < arguments_.size()) {
      const std::string& word = arguments_[position_++];
      if (word == "--ros-args") {
        parse_section();
      } else if (split_assignment(word) && !word.starts_with('-')) {
        base::log_warn("'" + word + "' outside --ros-args is deprecated for a remap rule: use --ros-args -r " + word);
        result_.remaps.push_back(parse_remap(word));
      } else {
        result_.other.push_back(word);
      }
    }
    return std::move(result_);
  }

 private:
  void parse_section() {
    while (position_ < arguments_.size()) {
      const std::string& word = arguments_[position_++];
      if (word == "--") return;
      if (word == "--ros-args") continue;
      if (!parse_switch(word)) parse_option(word);
    }
  }

  // --enable-X-logs and --disable-X-logs.
  bool parse_switch(const std::string& word) {
    bool enable = word.starts_with("--enable-");
    if (!enable && !word.starts_with("--disable-")) return false;
    std::string what = word.substr(word.find('-', 2) + 1);
    if (what == "stdout-logs") {
      result_.console_logs = enable;
    } else if (what == "rosout-logs") {
      result_.rosout_logs = enable;
    } else if (what == "external-lib-logs") {
      result_.file_logs = enable;
    } else {
      throw invalid_argument("unknown ROS argument " + word);
    }
    return true;
  }

  void parse_option(const std::string& word) {
    if (word == "-p" || word == "--param") {
      result_.parameters.push_back(parse_parameter(value(word)));
    } else if (word == "-r" || word == "--remap") {
      result_.remaps.push_back(parse_remap(value(word)));
    } else if (word == "--params-file") {
      std::filesystem::path path = value(word);
      auto overrides = parse_parameter_file(base::read_text_file(path, kMaxParameterFile), path.string());
      std::move(overrides.begin(), overrides.end(), std::back_inserter(result_.parameters));
    } else if (word == "--log-level") {
      parse_log_level(value(word));
    } else if (word == "-e" || word == "--enclave") {
      result_.enclave = value(word);
    } else if (word == "--log-file-name") {
      result_.log_file_name = value(word);
    } else if (word == "--log-config-file") {
      throw Error(ErrorCode::kUnsupported, "--log-config-file is not supported: use --log-level");
    } else {
      throw invalid_argument("unknown ROS argument " + word);
    }
  }

  void parse_log_level(const std::string& text) {
    std::optional<Assignment> assignment = split_assignment(text);
    std::string word = assignment ? assignment->right : text;
    std::optional<Severity> level = severity_from(word);
    if (!level)
      throw invalid_argument("--log-level " + text + ": the level must be debug, info, warn, error, fatal or unset");
    if (assignment) {
      result_.logger_levels[assignment->left] = *level;
    } else {
      result_.log_level = *level;
    }
  }

  const std::string& value(const std::string& flag) {
    if (position_ >= arguments_.size()) throw invalid_argument("ROS argument " + flag + " needs a value");
    return arguments_[position_++];
  }

  std::span<const std::string> arguments_;
  std::size_t position_ = 0;
  Arguments result_;
};

std::string remap_name(const Arguments& arguments, const NodeIdentity& node, std::string_view name,
                       RemapRule::Kind kind) {
  std::string full = expand_name(name, node.name_space, node.name);
  for (const RemapRule& rule : arguments.remaps) {
    if (rule.kind != kind && rule.kind != RemapRule::Kind::kTopicOrService) continue;
    if (!rule.node.empty() && rule.node != node.name) continue;
    if (expand_name(rule.from, node.name_space, node.name) != full) continue;
    return expand_name(rule.to, node.name_space, node.name);
  }
  return full;
}

}  // namespace

const ParameterValue* Arguments::parameter(std::string_view node, std::string_view name) const {
  for (auto it = parameters.rbegin(); it != parameters.rend(); ++it) {
    if (it->name == name && matches_node_pattern(it->node_pattern, node)) return &it->value;
  }
  return nullptr;
}

Severity Arguments::level_of(const std::string& logger) const {
  Severity level = log_level.value_or(Severity::kInfo);
  auto found = logger_levels.find(logger);
  if (found != logger_levels.end()) level = found->second;
  return level == Severity::kUnset ? Severity::kInfo : level;
}

Arguments parse_arguments(std::span<const std::string> arguments) {
  return Parser(arguments).parse();
}

Arguments parse_arguments(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  return parse_arguments(words);
}

// The node name of a __node rule is compared with the name that the program gave, that of a __ns rule with the remapped
// name.
NodeIdentity remap_node(const Arguments& arguments, std::string_view name, std::string_view name_space) {
  auto first = [&](RemapRule::Kind kind, std::string_view node) -> const RemapRule* {
    for (const RemapRule& rule : arguments.remaps) {
      if (rule.kind == kind && (rule.node.empty() || rule.node == node)) return &rule;
    }
    return nullptr;
  };
  NodeIdentity identity{std::string(name), normalized_namespace(name_space)};
  if (const RemapRule* rule = first(RemapRule::Kind::kNodeName, name)) identity.name = rule->to;
  if (const RemapRule* rule = first(RemapRule::Kind::kNamespace, identity.name)) identity.name_space = rule->to;
  check_node_name(identity.name);
  return identity;
}

std::string remap_topic(const Arguments& arguments, const NodeIdentity& node, std::string_view name) {
  return remap_name(arguments, node, name, RemapRule::Kind::kTopic);
}

std::string remap_service(const Arguments& arguments, const NodeIdentity& node, std::string_view name) {
  return remap_name(arguments, node, name, RemapRule::Kind::kService);
}

std::optional<Severity> severity_from(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, Severity>, 6> kLevels = {{{"unset", Severity::kUnset},
                                                                                    {"debug", Severity::kDebug},
                                                                                    {"info", Severity::kInfo},
                                                                                    {"warn", Severity::kWarn},
                                                                                    {"error", Severity::kError},
                                                                                    {"fatal", Severity::kFatal}}};
  const std::string lower = base::ascii_lower(word);
  for (const auto& [name, level] : kLevels) {
    if (name == lower) return level;
  }
  return std::nullopt;
}

std::optional<Severity> severity_from(std::uint32_t value) {
  constexpr std::uint32_t kStep = 10;
  if (value > static_cast<std::uint32_t>(Severity::kFatal) || value % kStep != 0) return std::nullopt;
  return static_cast<Severity>(value);
}

}  // namespace clipseek::ros2

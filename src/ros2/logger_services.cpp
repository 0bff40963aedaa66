#include "ros2/logger_services.h"

namespace clipseek::ros2 {
namespace {

GetLoggerLevels::Response get_levels(NodeCore& core, const GetLoggerLevels::Request& request) {
  GetLoggerLevels::Response response;
  for (const std::string& name : request.names) {
    const Severity level = name == core.logger().name() ? core.logger().level() : Severity::kUnset;
    response.levels.push_back({name, static_cast<std::uint32_t>(level)});
  }
  return response;
}

SetLoggerLevelsResult set_level(NodeCore& core, const LoggerLevel& wanted) {
  Logger& logger = core.logger();
  if (wanted.name != logger.name()) {
    return {false, "unknown logger '" + wanted.name + "': this node's logger is '" + logger.name() + "'"};
  }
  std::optional<Severity> level = severity_from(wanted.level);
  if (!level) {
    return {false, "unknown level " + std::to_string(wanted.level) + ": use 10 (debug), 20, 30, 40 or 50 (fatal)"};
  }
  logger.set_level(*level == Severity::kUnset ? core.arguments().level_of(logger.name()) : *level);
  return {true, ""};
}

SetLoggerLevels::Response set_levels(NodeCore& core, const SetLoggerLevels::Request& request) {
  SetLoggerLevels::Response response;
  for (const LoggerLevel& level : request.levels) response.results.push_back(set_level(core, level));
  return response;
}

}  // namespace

LoggerServices::LoggerServices(const std::shared_ptr<NodeCore>& core)
    : get_(node_service<GetLoggerLevels>(core, "get_logger_levels",
                                         [&node = *core](const auto& request) { return get_levels(node, request); })),
      set_(node_service<SetLoggerLevels>(core, "set_logger_levels",
                                         [&node = *core](const auto& request) { return set_levels(node, request); })) {}

}  // namespace clipseek::ros2

// Messages of the package rcl_interfaces: logger levels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ros2/message.h"

namespace clipseek::ros2 {

// `level` is a Severity of arguments.h; 0 for a logger that is unknown or has no level.
struct LoggerLevel {
  std::string name;
  std::uint32_t level = 0;

  static std::string type_name() { return "rcl_interfaces/msg/LoggerLevel"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("name", self.name);
    visit("level", self.level);
  }
  bool operator==(const LoggerLevel&) const = default;
};

struct SetLoggerLevelsResult {
  bool successful = false;
  std::string reason;

  static std::string type_name() { return "rcl_interfaces/msg/SetLoggerLevelsResult"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("successful", self.successful);
    visit("reason", self.reason);
  }
  bool operator==(const SetLoggerLevelsResult&) const = default;
};

struct GetLoggerLevels {
  struct Request {
    std::vector<std::string> names;

    static std::string type_name() { return "rcl_interfaces/srv/GetLoggerLevels_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("names", self.names);
    }
    bool operator==(const Request&) const = default;
  };
  struct Response {
    std::vector<LoggerLevel> levels;

    static std::string type_name() { return "rcl_interfaces/srv/GetLoggerLevels_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("levels", self.levels);
    }
    bool operator==(const Response&) const = default;
  };
};

struct SetLoggerLevels {
  struct Request {
    std::vector<LoggerLevel> levels;

    static std::string type_name() { return "rcl_interfaces/srv/SetLoggerLevels_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("levels", self.levels);
    }
    bool operator==(const Request&) const = default;
  };
  struct Response {
    std::vector<SetLoggerLevelsResult> results;

    static std::string type_name() { return "rcl_interfaces/srv/SetLoggerLevels_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("results", self.results);
    }
    bool operator==(const Response&) const = default;
  };
};

}  // namespace clipseek::ros2

// Messages of the package builtin_interfaces.
#pragma once

#include <cstdint>
#include <string>

#include "ros2/message.h"

namespace clipseek::ros2 {

// Since 1970-01-01 UTC.
struct Time {
  std::int32_t sec = 0;
  std::uint32_t nanosec = 0;

  static std::string type_name() { return "builtin_interfaces/msg/Time"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("sec", self.sec);
    visit("nanosec", self.nanosec);
  }
  bool operator==(const Time&) const = default;
};

struct Duration {
  std::int32_t sec = 0;
  std::uint32_t nanosec = 0;

  static std::string type_name() { return "builtin_interfaces/msg/Duration"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("sec", self.sec);
    visit("nanosec", self.nanosec);
  }
  bool operator==(const Duration&) const = default;
};

}  // namespace clipseek::ros2

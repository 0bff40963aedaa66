// Messages of the package service_msgs. No such message is sent: the type description of every service refers to it.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "ros2/message.h"
#include "ros2/msg/builtin_interfaces.h"

namespace clipseek::ros2 {

struct ServiceEventInfo {
  std::uint8_t event_type = 0;
  Time stamp;
  std::array<std::uint8_t, 16> client_gid{};
  std::int64_t sequence_number = 0;

  static std::string type_name() { return "service_msgs/msg/ServiceEventInfo"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("event_type", self.event_type);
    visit("stamp", self.stamp);
    visit("client_gid", self.client_gid);
    visit("sequence_number", self.sequence_number);
  }
  bool operator==(const ServiceEventInfo&) const = default;
};

}  // namespace clipseek::ros2

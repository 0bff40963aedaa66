// Messages of the package rosgraph_msgs.
#pragma once

#include <string>

#include "ros2/message.h"
#include "ros2/msg/builtin_interfaces.h"

namespace clipseek::ros2 {

struct Clock {
  Time clock;

  static std::string type_name() { return "rosgraph_msgs/msg/Clock"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("clock", self.clock);
  }
  bool operator==(const Clock&) const = default;
};

}  // namespace clipseek::ros2

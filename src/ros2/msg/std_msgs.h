// Messages of the package std_msgs.
#pragma once

#include <string>

#include "ros2/message.h"
#include "ros2/msg/builtin_interfaces.h"

namespace clipseek::ros2 {

struct Header {
  Time stamp;
  std::string frame_id;

  static std::string type_name() { return "std_msgs/msg/Header"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("stamp", self.stamp);
    visit("frame_id", self.frame_id);
  }
  bool operator==(const Header&) const = default;
};

struct String {
  std::string data;

  static std::string type_name() { return "std_msgs/msg/String"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("data", self.data);
  }
  bool operator==(const String&) const = default;
};

}  // namespace clipseek::ros2

// Messages of the package diagnostic_msgs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ros2/message.h"
#include "ros2/msg/std_msgs.h"

namespace clipseek::ros2 {

struct KeyValue {
  std::string key;
  std::string value;

  static std::string type_name() { return "diagnostic_msgs/msg/KeyValue"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("key", self.key);
    visit("value", self.value);
  }
  bool operator==(const KeyValue&) const = default;
};

struct DiagnosticStatus {
  static constexpr std::byte kOk{0};
  static constexpr std::byte kWarn{1};
  static constexpr std::byte kError{2};
  static constexpr std::byte kStale{3};

  std::byte level{};
  std::string name;
  std::string message;
  std::string hardware_id;
  std::vector<KeyValue> values;

  static std::string type_name() { return "diagnostic_msgs/msg/DiagnosticStatus"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("level", self.level);
    visit("name", self.name);
    visit("message", self.message);
    visit("hardware_id", self.hardware_id);
    visit("values", self.values);
  }
  bool operator==(const DiagnosticStatus&) const = default;
};

struct DiagnosticArray {
  Header header;
  std::vector<DiagnosticStatus> status;

  static std::string type_name() { return "diagnostic_msgs/msg/DiagnosticArray"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("header", self.header);
    visit("status", self.status);
  }
  bool operator==(const DiagnosticArray&) const = default;
};

}  // namespace clipseek::ros2

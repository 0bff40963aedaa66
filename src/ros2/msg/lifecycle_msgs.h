// Messages of the package lifecycle_msgs. ROS 2 gives a message without fields the field
// structure_needs_at_least_one_member.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ros2/message.h"

namespace clipseek::ros2 {

// The ids and labels of states and transitions are in lifecycle_state.h.
struct LifecycleStateMessage {
  std::uint8_t id = 0;
  std::string label;

  static std::string type_name() { return "lifecycle_msgs/msg/State"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("id", self.id);
    visit("label", self.label);
  }
  bool operator==(const LifecycleStateMessage&) const = default;
};

struct LifecycleTransitionMessage {
  std::uint8_t id = 0;
  std::string label;

  static std::string type_name() { return "lifecycle_msgs/msg/Transition"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("id", self.id);
    visit("label", self.label);
  }
  bool operator==(const LifecycleTransitionMessage&) const = default;
};

struct TransitionDescription {
  LifecycleTransitionMessage transition;
  LifecycleStateMessage start_state;
  LifecycleStateMessage goal_state;

  static std::string type_name() { return "lifecycle_msgs/msg/TransitionDescription"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("transition", self.transition);
    visit("start_state", self.start_state);
    visit("goal_state", self.goal_state);
  }
  bool operator==(const TransitionDescription&) const = default;
};

struct TransitionEvent {
  std::uint64_t timestamp = 0;
  LifecycleTransitionMessage transition;
  LifecycleStateMessage start_state;
  LifecycleStateMessage goal_state;

  static std::string type_name() { return "lifecycle_msgs/msg/TransitionEvent"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("timestamp", self.timestamp);
    visit("transition", self.transition);
    visit("start_state", self.start_state);
    visit("goal_state", self.goal_state);
  }
  bool operator==(const TransitionEvent&) const = default;
};

struct ChangeState {
  struct Request {
    LifecycleTransitionMessage transition;

    static std::string type_name() { return "lifecycle_msgs/srv/ChangeState_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("transition", self.transition);
    }
    bool operator==(const Request&) const = default;
  };
  struct Response {
    bool success = false;

    static std::string type_name() { return "lifecycle_msgs/srv/ChangeState_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("success", self.success);
    }
    bool operator==(const Response&) const = default;
  };
};

struct GetState {
  struct Request {
    std::uint8_t structure_needs_at_least_one_member = 0;

    static std::string type_name() { return "lifecycle_msgs/srv/GetState_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("structure_needs_at_least_one_member", self.structure_needs_at_least_one_member);
    }
    bool operator==(const Request&) const = default;
  };
  struct Response {
    LifecycleStateMessage current_state;

    static std::string type_name() { return "lifecycle_msgs/srv/GetState_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("current_state", self.current_state);
    }
    bool operator==(const Response&) const = default;
  };
};

struct GetAvailableStates {
  struct Request {
    std::uint8_t structure_needs_at_least_one_member = 0;

    static std::string type_name() { return "lifecycle_msgs/srv/GetAvailableStates_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("structure_needs_at_least_one_member", self.structure_needs_at_least_one_member);
    }
    bool operator==(const Request&) const = default;
  };
  struct Response {
    std::vector<LifecycleStateMessage> available_states;

    static std::string type_name() { return "lifecycle_msgs/srv/GetAvailableStates_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("available_states", self.available_states);
    }
    bool operator==(const Response&) const = default;
  };
};

struct GetAvailableTransitions {
  struct Request {
    std::uint8_t structure_needs_at_least_one_member = 0;

    static std::string type_name() { return "lifecycle_msgs/srv/GetAvailableTransitions_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("structure_needs_at_least_one_member", self.structure_needs_at_least_one_member);
    }
    bool operator==(const Request&) const = default;
  };
  struct Response {
    std::vector<TransitionDescription> available_transitions;

    static std::string type_name() { return "lifecycle_msgs/srv/GetAvailableTransitions_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("available_transitions", self.available_transitions);
    }
    bool operator==(const Response&) const = default;
  };
};

}  // namespace clipseek::ros2

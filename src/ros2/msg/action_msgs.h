// Messages of the packages unique_identifier_msgs and action_msgs, and the messages that are generated for each action.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "ros2/message.h"
#include "ros2/msg/builtin_interfaces.h"

namespace clipseek::ros2 {

struct UUID {
  std::array<std::uint8_t, 16> uuid{};

  static std::string type_name() { return "unique_identifier_msgs/msg/UUID"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("uuid", self.uuid);
  }
  auto operator<=>(const UUID&) const = default;
};

enum class GoalStatus : std::int8_t {
  kUnknown = 0,
  kAccepted = 1,
  kExecuting = 2,
  kCanceling = 3,
  kSucceeded = 4,
  kCanceled = 5,
  kAborted = 6,
};

struct GoalInfo {
  UUID goal_id;
  Time stamp;

  static std::string type_name() { return "action_msgs/msg/GoalInfo"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("goal_id", self.goal_id);
    visit("stamp", self.stamp);
  }
  bool operator==(const GoalInfo&) const = default;
};

// action_msgs/msg/GoalStatus.
struct GoalStatusMessage {
  GoalInfo goal_info;
  std::int8_t status = 0;

  static std::string type_name() { return "action_msgs/msg/GoalStatus"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("goal_info", self.goal_info);
    visit("status", self.status);
  }
  bool operator==(const GoalStatusMessage&) const = default;
};

struct GoalStatusArray {
  std::vector<GoalStatusMessage> status_list;

  static std::string type_name() { return "action_msgs/msg/GoalStatusArray"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("status_list", self.status_list);
  }
  bool operator==(const GoalStatusArray&) const = default;
};

struct CancelGoal {
  enum Code : std::int8_t { kNone = 0, kRejected = 1, kUnknownGoalId = 2, kGoalTerminated = 3 };

  struct Request {
    GoalInfo goal_info;

    static std::string type_name() { return "action_msgs/srv/CancelGoal_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("goal_info", self.goal_info);
    }
    bool operator==(const Request&) const = default;
  };
  struct Response {
    std::int8_t return_code = 0;
    std::vector<GoalInfo> goals_canceling;

    static std::string type_name() { return "action_msgs/srv/CancelGoal_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("return_code", self.return_code);
      visit("goals_canceling", self.goals_canceling);
    }
    bool operator==(const Response&) const = default;
  };
};

template <Action A>
struct SendGoalRequest {
  UUID goal_id;
  typename A::Goal goal;

  static std::string type_name() { return A::type_name() + "_SendGoal_Request"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("goal_id", self.goal_id);
    visit("goal", self.goal);
  }
  bool operator==(const SendGoalRequest&) const = default;
};

template <Action A>
struct SendGoalResponse {
  bool accepted = false;
  Time stamp;

  static std::string type_name() { return A::type_name() + "_SendGoal_Response"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("accepted", self.accepted);
    visit("stamp", self.stamp);
  }
  bool operator==(const SendGoalResponse&) const = default;
};

template <Action A>
struct GetResultRequest {
  UUID goal_id;

  static std::string type_name() { return A::type_name() + "_GetResult_Request"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("goal_id", self.goal_id);
  }
  bool operator==(const GetResultRequest&) const = default;
};

template <Action A>
struct GetResultResponse {
  std::int8_t status = 0;
  typename A::Result result;

  static std::string type_name() { return A::type_name() + "_GetResult_Response"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("status", self.status);
    visit("result", self.result);
  }
  bool operator==(const GetResultResponse&) const = default;
};

template <Action A>
struct FeedbackMessage {
  UUID goal_id;
  typename A::Feedback feedback;

  static std::string type_name() { return A::type_name() + "_FeedbackMessage"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("goal_id", self.goal_id);
    visit("feedback", self.feedback);
  }
  bool operator==(const FeedbackMessage&) const = default;
};

}  // namespace clipseek::ros2

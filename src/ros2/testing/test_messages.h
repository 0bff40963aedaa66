// For tests: an action like those of the nodes, a list of all message types, and an example of each type whose values
// follow the rule of tools/ros2_golden.py.
#pragma once

#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "ros2/msg/action_msgs.h"
#include "ros2/msg/ai_msgs.h"
#include "ros2/msg/diagnostic_msgs.h"
#include "ros2/msg/hbm_img_msgs.h"
#include "ros2/msg/lifecycle_msgs.h"
#include "ros2/msg/rcl_interfaces.h"
#include "ros2/msg/rcl_interfaces_logging.h"
#include "ros2/msg/rmw_dds_common.h"
#include "ros2/msg/rosgraph_msgs.h"
#include "ros2/msg/sensor_msgs.h"
#include "ros2/msg/service_msgs.h"
#include "ros2/msg/type_description_interfaces.h"

namespace clipseek::ros2 {

struct TestItem {
  bool type = false;
  std::string text;
  std::string url;
  std::vector<float> feature;
  std::vector<std::string> extra;

  static std::string type_name() { return "clip_msgs/msg/ClipItem"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("type", self.type);
    visit("text", self.text);
    visit("url", self.url);
    visit("feature", self.feature);
    visit("extra", self.extra);
  }
  bool operator==(const TestItem&) const = default;
};

// clip_msgs/action/GetFeatures.
struct TestAction {
  struct Goal {
    bool type = false;
    std::vector<std::string> urls;
    std::vector<std::string> texts;

    static std::string type_name() { return "clip_msgs/action/GetFeatures_Goal"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("type", self.type);
      visit("urls", self.urls);
      visit("texts", self.texts);
    }
    bool operator==(const Goal&) const = default;
  };
  struct Result {
    bool success = false;
    std::int32_t error_code = 0;

    static std::string type_name() { return "clip_msgs/action/GetFeatures_Result"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("success", self.success);
      visit("error_code", self.error_code);
    }
    bool operator==(const Result&) const = default;
  };
  struct Feedback {
    float current_progress = 0;
    TestItem item;

    static std::string type_name() { return "clip_msgs/action/GetFeatures_Feedback"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("current_progress", self.current_progress);
      visit("item", self.item);
    }
    bool operator==(const Feedback&) const = default;
  };

  static std::string type_name() { return "clip_msgs/action/GetFeatures"; }
};

template <typename... Types>
struct TypeList {};

using AllMessages =
    TypeList<Time, Duration, Header, String, UUID, GoalInfo, GoalStatusMessage, GoalStatusArray, CancelGoal::Request,
             CancelGoal::Response, Image, CompressedImage, Gid<16>, NodeEntitiesInfo<16>, ParticipantEntitiesInfo<16>,
             HbmMsg1080P, HbmMsg540P, HbmMsg480P, Log, ParameterValueMessage, Parameter, ParameterEvent,
             FloatingPointRange, IntegerRange, ParameterDescriptor, SetParametersResult, ListParametersResult,
             GetParameters::Request, GetParameters::Response, GetParameterTypes::Request, GetParameterTypes::Response,
             SetParameters::Request, SetParameters::Response, SetParametersAtomically::Request,
             SetParametersAtomically::Response, DescribeParameters::Request, DescribeParameters::Response,
             ListParameters::Request, ListParameters::Response, LoggerLevel, SetLoggerLevelsResult,
             GetLoggerLevels::Request, GetLoggerLevels::Response, SetLoggerLevels::Request, SetLoggerLevels::Response,
             Clock, KeyValue, DiagnosticStatus, DiagnosticArray, ServiceEventInfo, FieldTypeMessage, FieldMessage,
             IndividualTypeDescription, TypeDescriptionMessage, TypeSource, TypeKeyValue, GetTypeDescription::Request,
             GetTypeDescription::Response, LifecycleStateMessage, LifecycleTransitionMessage, TransitionDescription,
             TransitionEvent, ChangeState::Request, ChangeState::Response, GetState::Request, GetState::Response,
             GetAvailableStates::Request, GetAvailableStates::Response, GetAvailableTransitions::Request,
             GetAvailableTransitions::Response, TestItem, TestAction::Goal, TestAction::Result, TestAction::Feedback,
             SendGoalRequest<TestAction>, SendGoalResponse<TestAction>, GetResultRequest<TestAction>,
             GetResultResponse<TestAction>, FeedbackMessage<TestAction>, Point32, RegionOfInterest, DBResult, Capture,
             Point, Roi, Attribute, Target, Perf, PerceptionTargets>;

template <typename Function, typename... Types>
void for_each_type(TypeList<Types...>, Function function) {
  (function.template operator()<Types>(), ...);
}

// Fills the fields of a message: each primitive gets the next value of a counter, each sequence two elements or as many
// as its bound allows.
class ExampleFiller {
 public:
  template <typename T>
  void operator()(std::string_view, T& value, MaxLength bound = {0}) {
    fill(value, bound.value);
  }

 private:
  template <typename T>
  void fill(T& value, std::size_t bound) {
    if constexpr (CdrPrimitive<T>) {
      value = primitive<T>();
    } else if constexpr (std::same_as<T, std::string>) {
      value = "s" + std::to_string(++counter_);
    } else if constexpr (Message<T>) {
      T::visit_fields(value, *this);
    } else {
      if constexpr (detail::IsVector<T>::value) value.resize(bound == 1 ? 1 : 2);
      for (std::size_t i = 0; i < value.size(); ++i) {
        typename T::value_type element{};
        fill(element, 0);
        value[i] = element;
      }
    }
  }
  template <typename T>
  T primitive() {
    ++counter_;
    if constexpr (std::same_as<T, bool>) return counter_ % 2 == 1;
    if constexpr (std::is_floating_point_v<T>) return static_cast<T>(counter_) + T{0.5};
    return static_cast<T>(sizeof(T) == 1 ? counter_ % 100 : counter_);
  }

  int counter_ = 0;
};

template <Message M>
std::unique_ptr<M> example() {
  auto message = std::make_unique<M>();
  ExampleFiller filler;
  M::visit_fields(*message, filler);
  return message;
}

}  // namespace clipseek::ros2

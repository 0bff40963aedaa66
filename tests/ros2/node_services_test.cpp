// What every node offers to tools: logger levels, type descriptions, simulated time, qos_overrides and diagnostics.
// Between two participants of this process.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "clipseek/error.h"
#include "ros2/clock.h"
#include "ros2/diagnostics.h"
#include "ros2/interface_types.h"
#include "ros2/msg/rcl_interfaces_logging.h"
#include "ros2/msg/rosgraph_msgs.h"
#include "ros2/msg/std_msgs.h"
#include "ros2/msg/type_description_interfaces.h"
#include "ros2/names.h"
#include "ros2/testing/golden_messages.h"
#include "support.h"
#include "test_service.h"

namespace clipseek::ros2 {
namespace {

// A participant with the node that is looked at.
struct Robot {
  explicit Robot(const std::vector<std::string>& ros_arguments = {}) : arguments(quiet_arguments(ros_arguments)) {}

  Arguments arguments;
  Participant participant;
  Node node{participant, arguments, "robot", {.name_space = "/ns"}};
};

class NodeServices : public testing::Test {
 protected:
  NodeServices() {
    take_domain();
    tester_.emplace();
  }
  Node& tester() { return tester_->node; }

  template <Service S>
  typename S::Response call(const std::string& name, const typename S::Request& request) {
    auto client = tester().create_client<S>(name);
    EXPECT_TRUE(client.wait_for_service(kLimit)) << name;
    return client.call(request, kLimit);
  }

  std::optional<Tester> tester_;
};

class LoggerLevels : public NodeServices {
 protected:
  std::uint32_t level(const std::string& name) {
    return call<GetLoggerLevels>("/ns/robot/get_logger_levels", {{name}}).levels.at(0).level;
  }
  SetLoggerLevelsResult set(const std::string& name, std::uint32_t wanted) {
    return call<SetLoggerLevels>("/ns/robot/set_logger_levels", {{{name, wanted}}}).results.at(0);
  }
};

TEST_F(LoggerLevels, ALevelThatIsSetTakesEffect) {
  Robot robot({"--log-level", "warn"});
  EXPECT_EQ(level("ns.robot"), 30U);
  EXPECT_FALSE(robot.node.logger().enabled(Severity::kDebug));
  EXPECT_TRUE(set("ns.robot", 10).successful);
  EXPECT_EQ(level("ns.robot"), 10U);
  EXPECT_TRUE(robot.node.logger().enabled(Severity::kDebug));
  EXPECT_TRUE(set("ns.robot", 0).successful);  // "unset"
  EXPECT_EQ(level("ns.robot"), 30U);
}

TEST_F(LoggerLevels, UnknownLoggersAndLevelsAreRefused) {
  Robot robot;
  EXPECT_EQ(level("other"), 0U);
  auto results =
      call<SetLoggerLevels>("/ns/robot/set_logger_levels", {{{"other", 10}, {"ns.robot", 11}, {"ns.robot", 40}}})
          .results;
  ASSERT_EQ(results.size(), 3U);
  EXPECT_FALSE(results[0].successful);
  EXPECT_EQ(results[0].reason, "unknown logger 'other': this node's logger is 'ns.robot'");
  EXPECT_FALSE(results[1].successful);
  EXPECT_NE(results[1].reason.find("unknown level 11"), std::string::npos);
  EXPECT_TRUE(results[2].successful);
  EXPECT_EQ(level("ns.robot"), 40U);
}

TypeDescription from_message(const TypeDescriptionMessage& message) {
  TypeDescription description{message.type_description.name, {}};
  auto add = [&](const IndividualTypeDescription& type) {
    std::vector<FieldDescription>& fields = description.types[type.name];
    for (const FieldMessage& field : type.fields) {
      fields.push_back({field.name, field.type.type_id, field.type.capacity, field.type.string_capacity,
                        field.type.nested_type_name});
    }
  };
  add(message.type_description);
  std::for_each(message.referenced_type_descriptions.begin(), message.referenced_type_descriptions.end(), add);
  return description;
}

class TypeDescriptions : public NodeServices {
 protected:
  GetTypeDescription::Response describe(const std::string& type, const std::string& hash) {
    return call<GetTypeDescription>("/ns/robot/get_type_description", {type, hash, true});
  }
};

TEST_F(TypeDescriptions, DescribesTheTypesOfAllEndpoints) {
  Robot robot;
  auto publisher = robot.node.create_publisher<Header>("header");
  auto subscription = robot.node.create_plain_subscription<HbmMsg480P>("picture", [](const auto&) {});
  auto client = robot.node.create_client<Echo>("echo");
  auto action = robot.node.create_action_server<TestAction>("action", {});
  const TypeInfo echo = service_type(type_info<Echo::Request>(), type_info<Echo::Response>());
  const TypeInfo test_action = action_type(action_types<TestAction>());
  // Of a topic, of a service's messages, and of services and an action, whose types are not sent.
  const std::map<std::string, Golden> golden = read_golden();
  const std::pair<std::string, std::string> types[] = {
      {"std_msgs/msg/Header", golden.at("std_msgs/msg/Header").hash},
      {"hbm_img_msgs/msg/HbmMsg480P", golden.at("hbm_img_msgs/msg/HbmMsg480P").hash},
      {"rcl_interfaces/srv/ListParameters_Response", golden.at("rcl_interfaces/srv/ListParameters_Response").hash},
      {echo.name, echo.hash},
      {test_action.name, test_action.hash},
      {"action_msgs/srv/CancelGoal", "RIHS01_573d8b0a534451d7bc2ac8c5ffde8ac14b8593b7001175d0cd6516dcbeb8689a"}};
  for (const auto& [name, hash] : types) {
    GetTypeDescription::Response response = describe(name, hash);
    EXPECT_TRUE(response.successful) << name << ": " << response.failure_reason;
    EXPECT_EQ(response.type_description.type_description.name, name);
    EXPECT_EQ(type_hash(from_message(response.type_description)), hash);
    EXPECT_TRUE(response.type_sources.empty());
  }
  GetTypeDescription::Response header = describe("std_msgs/msg/Header", golden.at("std_msgs/msg/Header").hash);
  ASSERT_EQ(header.type_description.referenced_type_descriptions.size(), 1U);
  EXPECT_EQ(header.type_description.referenced_type_descriptions[0].name, "builtin_interfaces/msg/Time");
}

TEST_F(TypeDescriptions, RefusesOtherTypesAndHashes) {
  Robot robot;
  auto publisher = std::make_optional(robot.node.create_publisher<String>("chatter"));
  const std::string hash = type_info<String>().hash;
  EXPECT_TRUE(describe("std_msgs/msg/String", hash).successful);
  EXPECT_TRUE(describe("", hash).successful);
  EXPECT_EQ(describe("std_msgs/msg/Header", hash).failure_reason, "This is the type hash of std_msgs/msg/String");
  std::string other = hash;
  other.back() = other.back() == '0' ? '1' : '0';
  for (const std::string& wrong : {std::string(), hash + "0", "RIHS02" + hash.substr(6), hash.substr(0, 70) + "g"}) {
    EXPECT_EQ(describe("std_msgs/msg/String", wrong).failure_reason, "Failed to parse type hash") << wrong;
  }
  GetTypeDescription::Response unknown = describe("std_msgs/msg/String", other);
  EXPECT_FALSE(unknown.successful);
  EXPECT_EQ(unknown.failure_reason, "Type not currently in use by this node");
  publisher.reset();
  EXPECT_EQ(describe("std_msgs/msg/String", hash).failure_reason, "Type not currently in use by this node");
}

TEST_F(TypeDescriptions, AParameterTurnsTheServiceOff) {
  Robot robot({"-p", "start_type_description_service:=false"});
  auto last = robot.node.create_service<Echo>("~/echo", [](const Echo::Request&) { return Echo::Response{}; });
  // Endpoints are discovered in the order in which they were created.
  ASSERT_TRUE(tester().create_client<Echo>("/ns/robot/echo").wait_for_service(kLimit));
  for (const RemoteEndpoint& endpoint : tester_->participant.endpoints()) {
    EXPECT_NE(endpoint.topic, dds_request_topic("/ns/robot/get_type_description"));
  }
  EXPECT_FALSE(robot.node.parameters().set("start_type_description_service", true).successful);
}

class SimulatedTime : public NodeServices {
 protected:
  SimulatedTime() : clock_(tester().create_publisher<Clock>("/clock")) {}

  bool reaches(Node& node, const Time& time) {
    return repeat_until([&] { clock_.publish({time}); }, [&] { return node.now() == time; });
  }

  Publisher<Clock> clock_;
};

TEST_F(SimulatedTime, IsThatOfClockWhileTheParameterIsTrue) {
  Robot robot;
  Node& node = robot.node;
  EXPECT_GE(node.now().sec, 1'700'000'000);
  auto set = [&](bool simulated) {
    auto result =
        call<SetParameters>("/ns/robot/set_parameters", {{{"use_sim_time", to_message(ParameterValue(simulated))}}});
    EXPECT_TRUE(result.results.at(0).successful);
  };
  set(true);
  EXPECT_EQ(node.now(), Time{});
  EXPECT_TRUE(reaches(node, {5, 6}));
  EXPECT_TRUE(reaches(node, {4, 999'999'999}));  // a recording that is played again
  set(false);
  EXPECT_GE(node.now().sec, 1'700'000'000);
  set(true);
  EXPECT_EQ(node.now(), (Time{4, 999'999'999}));  // as in rclcpp
  EXPECT_TRUE(reaches(node, {7, 0}));
}

TEST_F(SimulatedTime, TheCommandLineSetsIt) {
  Robot robot({"-p", "use_sim_time:=true", "-r", "/clock:=/sim/clock"});
  EXPECT_EQ(robot.node.now(), Time{});
  auto clock = tester().create_publisher<Clock>("/sim/clock");
  EXPECT_TRUE(repeat_until([&] { clock.publish({{8, 1}}); }, [&] { return robot.node.now() == Time{8, 1}; }));
  EXPECT_EQ(robot.node.parameters().get<std::string>("qos_overrides./sim/clock.subscription.reliability"),
            "best_effort");
}

TEST_F(SimulatedTime, IsRefusedWhenClockCannotBeSubscribedTo) {
  Robot robot({"-p", "qos_overrides./clock.subscription.reliability:=sometimes"});
  Node& node = robot.node;
  SetParametersResult result =
      call<SetParameters>("/ns/robot/set_parameters", {{{"use_sim_time", to_message(ParameterValue(true))}}})
          .results.at(0);
  EXPECT_FALSE(result.successful);
  EXPECT_NE(result.reason.find("qos_overrides./clock.subscription.reliability"), std::string::npos) << result.reason;
  EXPECT_FALSE(node.parameters().get<bool>("use_sim_time"));
  EXPECT_GE(node.now().sec, 1'700'000'000);
}

TEST_F(SimulatedTime, ANodeThatIsToBeginWithItDoesNotStartWithoutClock) {
  EXPECT_THROW(Robot({"-p", "use_sim_time:=true", "-p", "qos_overrides./clock.subscription.reliability:=sometimes"}),
               Error);
}

TEST_F(SimulatedTime, InvalidTimesAreIgnored) {
  Robot robot({"-p", "use_sim_time:=true"});
  ASSERT_TRUE(reaches(robot.node, {5, 6}));
  std::atomic<int> ignored = 0;
  auto logs = tester().create_subscription<Log>(
      "/rosout",
      [&](const Log& log) { ignored += log.msg.find("on rt/clock ignored: the time is") != std::string::npos ? 1 : 0; },
      Qos::rosout());
  // The 1st, 2nd, 4th ... invalid message is logged.
  EXPECT_TRUE(repeat_until([&] { clock_.publish({{-1, 0}}); }, [&] { return ignored > 0; }));
  const int before = ignored;
  EXPECT_TRUE(repeat_until([&] { clock_.publish({{6, 1'000'000'000}}); }, [&] { return ignored > before; }));
  EXPECT_EQ(robot.node.now(), (Time{5, 6}));
  EXPECT_TRUE(reaches(robot.node, {9, 0}));
}

TEST_F(SimulatedTime, ParameterEventsHaveItAndLogLinesDoNot) {
  Robot robot({"-p", "use_sim_time:=true"});
  ASSERT_TRUE(reaches(robot.node, {5, 6}));
  robot.node.parameters().declare("topk", 1);
  std::mutex mutex;
  std::optional<Time> event_stamp;
  std::optional<Time> log_stamp;
  auto events = tester().create_subscription<ParameterEvent>("/parameter_events", [&](const ParameterEvent& event) {
    std::lock_guard lock(mutex);
    if (event.node == "/ns/robot" && !event.changed_parameters.empty()) event_stamp = event.stamp;
  });
  auto logs = tester().create_subscription<Log>("/rosout", [&](const Log& log) {
    std::lock_guard lock(mutex);
    if (log.name == "ns.robot") log_stamp = log.stamp;
  });
  auto act = [&] {
    robot.node.parameters().set("topk", 2);
    robot.node.logger().warn("hello");
  };
  ASSERT_TRUE(repeat_until(act, [&] {
    std::lock_guard lock(mutex);
    return event_stamp && log_stamp;
  }));
  EXPECT_EQ(*event_stamp, (Time{5, 6}));
  EXPECT_GE(log_stamp->sec, 1'700'000'000);
}

TEST_F(NodeServices, QosOverridesReachTheNetwork) {
  const std::string end = "qos_overrides./ns/chatter.publisher.";
  Robot robot({"-p", end + "durability:=transient_local", "-p", end + "history:=keep_all", "-p", end + "depth:=1"});
  auto publisher = robot.node.create_publisher<String>("chatter", robot.node.publisher_qos("chatter"));
  constexpr int kMessages = 20;
  for (int i = 0; i < kMessages; ++i) publisher.publish({std::to_string(i)});
  std::atomic<int> received = 0;
  auto late = tester().create_subscription<String>("/ns/chatter", [&](const String&) { ++received; },
                                                   {.transient_local = true, .keep_all = true});
  EXPECT_TRUE(wait_until([&] { return received == kMessages; }, kLimit));

  const std::string other = "qos_overrides./ns/picture.subscription.reliability:=best_effort";
  Robot second({"-r", "__node:=second", "-p", other});
  auto subscription = second.node.create_plain_subscription<HbmMsg480P>(
      "picture", [](const auto&) {}, second.node.subscription_qos("picture"));
  auto is_best_effort = [&] {
    for (const RemoteEndpoint& endpoint : tester_->participant.endpoints()) {
      if (endpoint.topic == "rt/ns/picture") return !endpoint.reliable;
    }
    return false;
  };
  EXPECT_TRUE(tester_->participant.wait_until(is_best_effort, kLimit));
}

TEST_F(NodeServices, TheLargestDepthThatAnOverrideAllowsCanBeCreated) {
  Robot robot({"-p", "qos_overrides./ns/chatter.publisher.depth:=10000"});
  auto publisher = robot.node.create_publisher<String>("chatter", robot.node.publisher_qos("chatter"));
  std::atomic<bool> heard = false;
  auto listener = tester().create_subscription<String>("/ns/chatter", [&](const String&) { heard = true; });
  EXPECT_TRUE(repeat_until([&] { publisher.publish({"x"}); }, [&] { return heard.load(); }));
}

class DiagnosticsTest : public NodeServices {
 protected:
  DiagnosticsTest()
      : listener_(tester().create_subscription<DiagnosticArray>("/diagnostics", [this](const DiagnosticArray& array) {
          std::lock_guard lock(mutex_);
          arrays_.push_back(array);
        })) {}

  DiagnosticArray array(std::size_t index) {
    auto arrived = [&] {
      std::lock_guard lock(mutex_);
      return arrays_.size() > index;
    };
    if (!wait_until(arrived, kLimit)) throw std::runtime_error("no diagnostics arrived");
    std::lock_guard lock(mutex_);
    return arrays_[index];
  }

  std::mutex mutex_;
  std::vector<DiagnosticArray> arrays_;
  Subscription<DiagnosticArray> listener_;
};

TEST_F(DiagnosticsTest, ThePartsOfANodeArePublishedAgainAndAgain) {
  Robot robot;
  std::atomic<int> calls = 0;
  Diagnostics diagnostics(robot.node, [&] {
    const int call = ++calls;
    return std::vector<DiagnosticStatus>{
        {DiagnosticStatus::kWarn, "pictures", "none arrive", "camera 1", {{"received", std::to_string(call)}}},
        {DiagnosticStatus::kOk, "model", "loaded", "", {}}};
  });
  DiagnosticArray first = array(0);
  EXPECT_GE(first.header.stamp.sec, 1'700'000'000);
  ASSERT_EQ(first.status.size(), 2U);
  EXPECT_EQ(first.status[0].level, std::byte{1});
  EXPECT_EQ(first.status[0].name, "robot: pictures");
  EXPECT_EQ(first.status[0].message, "none arrive");
  EXPECT_EQ(first.status[0].hardware_id, "camera 1");
  EXPECT_EQ(first.status[1].name, "robot: model");
  const auto received = [](const DiagnosticArray& message) { return std::stoi(message.status[0].values.at(0).value); };
  EXPECT_GT(received(array(1)), received(first));
}

TEST_F(DiagnosticsTest, AnErrorOfTheCallbackIsPublished) {
  Robot robot({"-p", "use_sim_time:=true"});
  Diagnostics diagnostics(robot.node, []() -> std::vector<DiagnosticStatus> { throw std::runtime_error("no disk"); });
  DiagnosticArray first = array(0);
  EXPECT_EQ(first.header.stamp, Time{});  // no time has arrived yet
  ASSERT_EQ(first.status.size(), 1U);
  EXPECT_EQ(first.status[0].level, std::byte{2});
  EXPECT_EQ(first.status[0].name, "robot: diagnostics");
  EXPECT_EQ(first.status[0].message, "no disk");
}

}  // namespace
}  // namespace clipseek::ros2

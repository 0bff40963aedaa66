// Topics, services, parameters, logs and the graph, between two processes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

#include "ros2/msg/std_msgs.h"
#include "ros2/names.h"
#include "ros2/testing/test_messages.h"
#include "support.h"
#include "test_service.h"

namespace clipseek::ros2 {
namespace {

class Wire : public testing::Test {
 protected:
  Wire() {
    take_domain();
    peer_.emplace(std::vector<std::string>{"server", "--ros-args", "-r", "__ns:=/robot", "-p", "topk:=7"});
    tester_.emplace();
    peer_->expect_line("ready");
  }
  Node& node() { return tester_->node; }

  std::optional<Peer> peer_;
  std::optional<Tester> tester_;
};

TEST_F(Wire, TopicsInBothDirections) {
  std::atomic<int> correct = 0;
  auto listener = node().create_subscription<String>(
      "/robot/heard", [&](const String& message) { correct += message.data == "heard hello" ? 1 : 0; });
  auto speaker = node().create_publisher<String>("/robot/said");
  EXPECT_TRUE(repeat_until([&] { speaker.publish({"hello"}); }, [&] { return correct > 0; }));
}

TEST_F(Wire, EveryServiceCallIsAnswered) {
  auto client = node().create_client<Echo>("/robot/server/echo");
  ASSERT_TRUE(client.wait_for_service(kLimit));
  for (int i = 0; i < 200; ++i) {
    std::string text = "call " + std::to_string(i);
    EXPECT_EQ(client.call({text}, kLimit).text, text);
  }
  // Many concurrent calls of two clients, whose replies must not be mixed up.
  auto other = node().create_client<Echo>("/robot/server/echo");
  ASSERT_TRUE(other.wait_for_service(kLimit));
  std::vector<std::pair<std::string, std::future<Echo::Response>>> replies;
  for (int i = 0; i < 200; ++i) {
    std::string text = "at once " + std::to_string(i);
    replies.emplace_back(text, (i % 2 == 0 ? client : other).call({text}));
  }
  for (auto& [text, reply] : replies) {
    ASSERT_EQ(reply.wait_for(kLimit), std::future_status::ready);
    EXPECT_EQ(reply.get().text, text);
  }
}

TEST_F(Wire, ACallWithoutServerFailsAtOnce) {
  auto client = node().create_client<Echo>("/no_server");
  EXPECT_FALSE(client.ready());
  EXPECT_THROW(client.call({"x"}), Error);
}

// The new server has not received the request.
TEST_F(Wire, ARequestToAKilledServerIsLostEvenIfAnotherReplacesIt) {
  auto client = node().create_client<Echo>("/robot/server/echo");
  ASSERT_TRUE(client.wait_for_service(kLimit));
  peer_->freeze();
  std::future<Echo::Response> reply = client.call({"to the first"});
  peer_->signal(SIGKILL);
  EXPECT_EQ(peer_->wait(), 128 + SIGKILL);
  peer_.emplace(std::vector<std::string>{"server", "--ros-args", "-r", "__ns:=/robot"});
  peer_->expect_line("ready");
  ASSERT_EQ(reply.wait_for(kLimit), std::future_status::ready);  // after DDS's lease of 20 s
  EXPECT_THROW(reply.get(), Error);
  ASSERT_TRUE(client.wait_for_service(kLimit));
  EXPECT_EQ(client.call({"to the second"}, kLimit).text, "to the second");
}

TEST_F(Wire, ARequestToADestroyedServerIsLostEvenIfItsParticipantHasAnother) {
  auto core = std::make_shared<NodeCore>(tester_->participant.impl(), quiet_arguments(), NodeIdentity{"mute", "/"}, 2);
  std::promise<void> received;
  auto make_mute = [&](std::function<void()> on_request) {
    auto handler = [on_request](ServiceCore&, const Received&) { on_request(); };
    return std::make_unique<ServiceCore>(core, "/mute", type_info<Echo::Request>(), type_info<Echo::Response>(),
                                         handler);
  };
  auto first = make_mute([&] { received.set_value(); });
  Participant participant;
  Node client_node(participant, quiet_arguments(), "client");
  auto client = client_node.create_client<Echo>("/mute");
  ASSERT_TRUE(client.wait_for_service(kLimit));
  std::future<Echo::Response> reply = client.call({"to the first"});
  ASSERT_EQ(received.get_future().wait_for(kLimit), std::future_status::ready);
  auto second = make_mute([] {});
  auto has_both = [&] {
    std::vector<RemoteEndpoint> all = participant.endpoints();
    auto takes_requests = [](const RemoteEndpoint& endpoint) {
      return endpoint.topic == dds_request_topic("/mute") && !endpoint.is_writer;
    };
    return std::count_if(all.begin(), all.end(), takes_requests) == 2;
  };
  ASSERT_TRUE(participant.wait_until(has_both, kLimit));
  first.reset();
  ASSERT_EQ(reply.wait_for(kLimit), std::future_status::ready);
  EXPECT_THROW(reply.get(), Error);
}

TEST_F(Wire, TheSixParameterServices) {
  const std::string base = "/robot/server/";
  auto get = node().create_client<GetParameters>(base + "get_parameters");
  auto types = node().create_client<GetParameterTypes>(base + "get_parameter_types");
  auto set = node().create_client<SetParameters>(base + "set_parameters");
  auto set_all = node().create_client<SetParametersAtomically>(base + "set_parameters_atomically");
  auto describe = node().create_client<DescribeParameters>(base + "describe_parameters");
  auto list = node().create_client<ListParameters>(base + "list_parameters");
  ASSERT_TRUE(get.wait_for_service(kLimit) && types.wait_for_service(kLimit) && set.wait_for_service(kLimit) &&
              set_all.wait_for_service(kLimit) && describe.wait_for_service(kLimit) && list.wait_for_service(kLimit));

  EXPECT_EQ(list.call({{}, 0}, kLimit).result.names,
            (std::vector<std::string>{"mode", "start_type_description_service", "topk", "use_sim_time"}));
  EXPECT_EQ(get.call({{"topk", "mode"}}, kLimit).values.at(0).integer_value, 7);  // from the command line
  EXPECT_TRUE(get.call({{"topk", "none"}}, kLimit).values.empty());
  EXPECT_EQ(types.call({{"mode", "use_sim_time"}}, kLimit).types, (std::vector<std::uint8_t>{4, 1}));
  EXPECT_EQ(describe.call({{"topk"}}, kLimit).descriptors.at(0).integer_range.at(0).to_value, 100);
  auto value = [](const ParameterValue& v) { return to_message(v); };
  auto results = set.call({{{"topk", value(9)}, {"topk", value(1000)}, {"mode", value("b")}}}, kLimit).results;
  ASSERT_EQ(results.size(), 3U);
  EXPECT_TRUE(results[0].successful);
  EXPECT_FALSE(results[1].successful);
  EXPECT_EQ(results[2].reason, "parameter 'mode' cannot be set because it is read-only");
  EXPECT_FALSE(set_all.call({{{"topk", value(8)}, {"mode", value("b")}}}, kLimit).result.successful);
  EXPECT_EQ(get.call({{"topk"}}, kLimit).values.at(0).integer_value, 9);
}

TEST_F(Wire, ParameterEventsArePublished) {
  std::atomic<std::int64_t> reported = 0;
  auto events = node().create_subscription<ParameterEvent>("/parameter_events", [&](const ParameterEvent& event) {
    bool from_server = event.node == "/robot/server" && !event.changed_parameters.empty();
    if (from_server) reported = event.changed_parameters[0].value.integer_value;
  });
  auto set = node().create_client<SetParameters>("/robot/server/set_parameters");
  ASSERT_TRUE(set.wait_for_service(kLimit));
  auto act = [&] { set.call({{{"topk", to_message(ParameterValue(3))}}}, kLimit); };
  EXPECT_TRUE(repeat_until(act, [&] { return reported == 3; }));
}

TEST_F(Wire, RosoutKeepsLinesForLateListeners) {
  std::promise<Log> line;
  auto rosout = node().create_subscription<Log>(
      "/rosout",
      [&](const Log& log) {
        if (log.msg == "server is up") line.set_value(log);
      },
      Qos::rosout());
  auto log = line.get_future();
  ASSERT_EQ(log.wait_for(kLimit), std::future_status::ready);
  Log got = log.get();
  EXPECT_EQ(got.name, "robot.server");
  EXPECT_EQ(got.level, 30);
  EXPECT_NE(got.file.find("peer.cpp"), std::string::npos);
}

std::optional<GraphNode> find_node(const Participant& participant, const std::string& name) {
  for (const ParticipantGraph& graph : participant.graphs()) {
    for (const GraphNode& node : graph.nodes) {
      if (fully_qualified_node(node.name_space, node.name) == name) return node;
    }
  }
  return std::nullopt;
}

TEST_F(Wire, TheGraphShowsTheNodeAndItsEndpoints) {
  const Participant& participant = tester_->participant;
  // The 14 readers: six parameter services, two for logger levels, one for type descriptions, the service echo, three
  // services of the action, and the topic "said".
  auto complete = [&] {
    auto node = find_node(participant, "/robot/server");
    return node && node->readers.size() == 14 && node->writers.size() == 18;
  };
  ASSERT_TRUE(participant.wait_until(complete, kLimit));
  // Every listed endpoint is known through discovery too, with the type hash of its message.
  GraphNode node = *find_node(participant, "/robot/server");
  auto known = [&](const Guid& guid) {
    for (const RemoteEndpoint& endpoint : participant.endpoints()) {
      if (endpoint.guid == guid) return endpoint.type_hash.starts_with("RIHS01_");
    }
    return false;
  };
  for (const Guid& guid : node.readers) EXPECT_TRUE(participant.wait_until([&] { return known(guid); }, kLimit));
  for (const Guid& guid : node.writers) EXPECT_TRUE(participant.wait_until([&] { return known(guid); }, kLimit));
  EXPECT_EQ(this->node().find_action_servers<TestAction>(), std::vector<std::string>{"/robot/features"});

  peer_->signal(SIGTERM);
  EXPECT_EQ(peer_->wait(), 0);
  EXPECT_TRUE(participant.wait_until([&] { return !find_node(participant, "/robot/server"); }, kLimit));
}

TEST_F(Wire, SigintStopsANodeCleanly) {
  peer_->signal(SIGINT);
  peer_->expect_line("stopping");
  EXPECT_EQ(peer_->wait(), 0);
}

// Humble's nodes listen on the loopback interface alone when ROS_LOCALHOST_ONLY is set.
constexpr const char* kLoopbackProfile = R"(<?xml version="1.0" encoding="UTF-8"?>
<dds xmlns="http://www.eprosima.com"><profiles>
  <transport_descriptors><transport_descriptor>
    <transport_id>loopback</transport_id><type>UDPv4</type>
    <interfaceWhiteList><address>127.0.0.1</address></interfaceWhiteList>
  </transport_descriptor></transport_descriptors>
  <participant profile_name="humble" is_default_profile="true"><rtps>
    <userTransports><transport_id>loopback</transport_id></userTransports>
    <useBuiltinTransports>false</useBuiltinTransports>
  </rtps></participant>
</profiles></dds>)";

TEST(LocalhostOnly, WorksWithPeersThatListenOnAllInterfacesAndOnLoopbackAlone) {
  take_domain();  // with ROS_LOCALHOST_ONLY for this process
  unsetenv("ROS_LOCALHOST_ONLY");
  setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST", 1);
  Peer jazzy({"server", "--ros-args", "-r", "__ns:=/jazzy"});
  unsetenv("ROS_AUTOMATIC_DISCOVERY_RANGE");
  const std::string profile = testing::TempDir() + "clipseek_profile_" + std::to_string(getpid()) + ".xml";
  std::ofstream(profile) << kLoopbackProfile;
  setenv("FASTRTPS_DEFAULT_PROFILES_FILE", profile.c_str(), 1);
  setenv("FASTDDS_DEFAULT_PROFILES_FILE", profile.c_str(), 1);
  Peer humble({"server", "--ros-args", "-r", "__ns:=/humble"});
  humble.expect_line("ready");
  unsetenv("FASTRTPS_DEFAULT_PROFILES_FILE");
  unsetenv("FASTDDS_DEFAULT_PROFILES_FILE");
  std::filesystem::remove(profile);
  setenv("ROS_LOCALHOST_ONLY", "1", 1);
  Tester tester;
  for (const char* service : {"/jazzy/server/echo", "/humble/server/echo"}) {
    auto client = tester.node.create_client<Echo>(service);
    ASSERT_TRUE(client.wait_for_service(kLimit)) << service;
    EXPECT_EQ(client.call({"hello"}, kLimit).text, "hello");
  }
}

}  // namespace
}  // namespace clipseek::ros2

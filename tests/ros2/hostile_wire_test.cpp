// Invalid messages of a hostile participant must not disturb a node.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <random>

#include "ros2/endpoint.h"
#include "ros2/graph.h"
#include "ros2/names.h"
#include "ros2/testing/test_messages.h"
#include "support.h"
#include "test_service.h"

namespace clipseek::ros2 {
namespace {

TEST(HostileWire, MalformedMessagesOnEveryTopicOfANode) {
  take_domain();
  Peer peer({"server", "--ros-args", "--log-level", "fatal"});
  peer.expect_line("ready");
  Participant participant;
  auto send_goal = dds_request_topic("/features/_action/send_goal");
  ASSERT_TRUE(participant.wait_until(
      [&] {
        for (const RemoteEndpoint& endpoint : participant.endpoints()) {
          if (endpoint.topic == send_goal && !endpoint.is_writer) return true;
        }
        return false;
      },
      kLimit));
  std::mt19937 random(3);
  std::size_t attacked = 0;
  for (const RemoteEndpoint& endpoint : participant.endpoints()) {
    std::string type = ros_type_name(endpoint.type);
    if (endpoint.is_writer || type.empty()) continue;
    SCOPED_TRACE(endpoint.topic);
    bool graph = endpoint.topic == "ros_discovery_info";
    Writer writer(participant.impl(), {endpoint.topic, {type, "", 0}, Qos{.transient_local = graph}, {}});
    ASSERT_TRUE(wait_until([&] { return !writer.matched().empty(); }, kLimit));
    for (int i = 0; i < 50; ++i) {
      Bytes bytes = serialize(*example<SendGoalRequest<TestAction>>());
      bytes.resize(random() % bytes.size() + 1);
      for (std::size_t at = 4; at < bytes.size(); ++at) bytes[at] = static_cast<std::byte>(random() % 3 == 0 ? 255 : 0);
      RequestId forged{Guid{{9, 9, 9, 4, 4, 4, 4, 4, 4, 4, 4, 4, 0, 0, 1, 4}}, 0};
      writer.write(bytes, i % 2 == 0 ? std::optional(forged) : std::nullopt);
    }
    EXPECT_TRUE(writer.wait_acknowledged(kLimit));
    ++attacked;
  }
  EXPECT_GE(attacked, 11U);

  Node node(participant, quiet_arguments(), "tester");
  auto client = node.create_client<Echo>("/server/echo");
  ASSERT_TRUE(client.wait_for_service(kLimit));
  EXPECT_EQ(client.call({"still here"}, kLimit).text, "still here");
  auto action = node.create_action_client<TestAction>("features");
  ASSERT_TRUE(action.wait_for_server(kLimit));
  EXPECT_EQ(action.send_goal({true, {"a"}, {}}).wait(kLimit)->end, GoalEnd::kSucceeded);
  peer.signal(SIGTERM);
  EXPECT_EQ(peer.wait(), 0);
}

TEST(HostileWire, AParticipantAnnouncesOnlyItsOwnNodes) {
  take_domain();
  Tester tester;
  Participant rogue;
  TypeInfo type{"rmw_dds_common/msg/ParticipantEntitiesInfo", "", 0, {}};
  Writer writer(rogue.impl(), {"ros_discovery_info", type, Qos{.transient_local = true, .depth = 100}, {}});
  ASSERT_TRUE(wait_until([&] { return !writer.matched().empty(); }, kLimit));
  auto announce = [&](const Guid& participant, const std::string& name) {
    writer.write(serialize_graph({participant, {{"/", name, {}, {}}}}, 24));
  };
  announce(tester.participant.guid(), "forged");
  for (std::uint8_t i = 0; i < 50; ++i) {  // one participant under many ids
    Guid guid = rogue.guid();
    guid.bytes[13] = i;
    announce(guid, "node_" + std::to_string(i));
  }
  announce(rogue.guid(), "last");
  auto names = [&] {
    std::vector<std::string> all;
    for (const ParticipantGraph& graph : tester.participant.graphs()) {
      for (const GraphNode& node : graph.nodes) all.push_back(node.name);
    }
    std::sort(all.begin(), all.end());
    return all;
  };
  EXPECT_TRUE(tester.participant.wait_until([&] { return names() == std::vector<std::string>{"last"}; }, kLimit))
      << testing::PrintToString(names());
}

std::size_t resident_megabytes(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string word; status >> word;) {
    std::size_t kilobytes = 0;
    if (word == "VmRSS:" && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

TEST(HostileWire, TheRequestOfAFinishedGoalIsFreed) {
  take_domain();
  Peer peer({"server", "--ros-args", "--log-level", "fatal"});
  Tester tester;
  auto client = tester.node.create_action_client<TestAction>("features");
  ASSERT_TRUE(client.wait_for_server(kLimit));
  TestAction::Goal large{true, {}, {"return", std::string(4U << 20, 'x')}};
  auto send = [&] { ASSERT_EQ(client.send_goal(large).wait(kLimit)->end, GoalEnd::kAborted); };
  for (int i = 0; i < 5; ++i) send();
  std::size_t before = resident_megabytes(peer.id());
  ASSERT_GT(before, 0U);
  for (int i = 0; i < 100; ++i) send();
  EXPECT_LT(resident_megabytes(peer.id()), before + 300);  // of 400 MB received; a sanitizer frees memory late
}

}  // namespace
}  // namespace clipseek::ros2

// A participant that sends what no honest peer would must not disturb a node.
#include <gtest/gtest.h>

#include <csignal>
#include <random>

#include "ros2/endpoint.h"
#include "ros2/names.h"
#include "ros2/test_messages.h"
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
      RequestId lie{Guid{{9, 9, 9, 4, 4, 4, 4, 4, 4, 4, 4, 4, 0, 0, 1, 4}}, 0};
      writer.write(bytes, i % 2 == 0 ? std::optional(lie) : std::nullopt);
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

}  // namespace
}  // namespace clipseek::ros2

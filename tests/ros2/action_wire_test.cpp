// Actions between processes.
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <future>
#include <memory>
#include <thread>

#include "ros2/testing/test_messages.h"
#include "support.h"

namespace clipseek::ros2 {
namespace {

// The services of an action, as sent on the wire.
struct GetResult {
  using Request = GetResultRequest<TestAction>;
  using Response = GetResultResponse<TestAction>;
};
struct SendGoal {
  using Request = SendGoalRequest<TestAction>;
  using Response = SendGoalResponse<TestAction>;
};

// A participant that does not announce itself as a clipseek process.
Participant make_other() {
  ParticipantOptions options = participant_options();
  options.enclave = "/;clipseek=";  // its user data is parsed as one with an empty key `clipseek`
  return Participant(options);
}

class ActionWire : public testing::Test {
 protected:
  ActionWire() {
    take_domain();
    peer_.emplace(std::vector<std::string>{"server"});
    tester_.emplace();
    client_ = tester_->node.create_action_client<TestAction>("features");
    EXPECT_TRUE(client_.wait_for_server(kLimit));
  }
  ~ActionWire() override { client_ = {}; }

  // Sends a goal with the command `todo` (see peer.cpp) and returns its outcome.
  GoalOutcome<TestAction> end_of(const std::string& todo) {
    auto outcome = client_.send_goal({true, {"a", "b"}, {todo}}).wait(kLimit);
    EXPECT_TRUE(outcome.has_value());
    return outcome.value_or(GoalOutcome<TestAction>{GoalEnd::kLost, {}, "no outcome"});
  }

  std::optional<Peer> peer_;
  std::optional<Tester> tester_;
  ActionClient<TestAction> client_;
};

TEST_F(ActionWire, EveryEndIsReported) {
  GoalOutcome<TestAction> outcome = end_of("work");
  EXPECT_EQ(outcome.end, GoalEnd::kSucceeded);
  EXPECT_TRUE(outcome.result.success);
  EXPECT_EQ(end_of("reject").end, GoalEnd::kRejected);
  for (const char* without_result : {"throw", "return"}) {
    outcome = end_of(without_result);
    EXPECT_EQ(outcome.end, GoalEnd::kAborted);
    EXPECT_EQ(outcome.result.error_code, 11);
  }
}

TEST_F(ActionWire, FeedbackIsCompleteAndInOrder) {
  std::vector<std::string> urls;
  for (int i = 0; i < 300; ++i) urls.push_back(std::to_string(i) + ".jpg");
  std::vector<std::string> got;
  std::promise<void> all;
  auto goal = client_.send_goal({true, urls, {}}, [&](const TestAction::Feedback& feedback) {
    got.push_back(feedback.item.url);
    if (got.size() == urls.size()) all.set_value();
  });
  EXPECT_EQ(all.get_future().wait_for(kLimit), std::future_status::ready);
  EXPECT_EQ(got, urls);
  EXPECT_EQ(goal.wait(kLimit)->end, GoalEnd::kSucceeded);
}

// A client of ROS 2 queues only the newest 10 messages of all goals, so it needs time to take them.
TEST_F(ActionWire, FeedbackIsSpacedForOtherClients) {
  Participant others = make_other();
  Node listener(others, quiet_arguments(), "listener");
  std::atomic<std::size_t> received = 0;
  auto feedback = listener.create_subscription<FeedbackMessage<TestAction>>(
      "/features/_action/feedback", [&](const FeedbackMessage<TestAction>&) { ++received; });
  // The server has matched the listener when the listener receives feedback.
  auto end = std::chrono::steady_clock::now() + kLimit;
  while (received == 0 && std::chrono::steady_clock::now() < end) {
    EXPECT_EQ(end_of("work").end, GoalEnd::kSucceeded);
    wait_until([&] { return received > 0; }, std::chrono::milliseconds(100), {});
  }
  ASSERT_GT(received, 0u);
  std::vector<std::string> urls(31, "a.jpg");
  auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(client_.send_goal({true, urls, {}}).wait(kLimit)->end, GoalEnd::kSucceeded);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(300));
}

TEST_F(ActionWire, GoalsOfOtherClientsBeginAndEndLater) {
  Participant others = make_other();
  Node other(others, quiet_arguments(), "other");
  std::atomic<std::size_t> received = 0;
  auto feedback = other.create_subscription<FeedbackMessage<TestAction>>(
      "/features/_action/feedback", [&](const FeedbackMessage<TestAction>&) { ++received; });
  auto send = other.create_client<SendGoal>("/features/_action/send_goal");
  auto get = other.create_client<GetResult>("/features/_action/get_result");
  ASSERT_TRUE(send.wait_for_service(kLimit) && get.wait_for_service(kLimit));
  auto begin = std::chrono::steady_clock::now();
  auto age = [&] { return std::chrono::steady_clock::now() - begin; };
  EXPECT_TRUE(send.call({{random_id()}, {true, {"a"}, {}}}, kLimit).accepted);
  ASSERT_TRUE(wait_until([&] { return received > 0; }, kLimit, {}));
  EXPECT_GE(age(), std::chrono::milliseconds(100));  // the server waits for its GetResult request
  begin = std::chrono::steady_clock::now();
  UUID id{random_id()};
  EXPECT_TRUE(send.call({id, {true, {"a"}, {}}}, kLimit).accepted);
  EXPECT_EQ(get.call({id}, kLimit).status, 4);
  EXPECT_GE(age(), std::chrono::milliseconds(50));  // the server waits after the last feedback
}

TEST_F(ActionWire, ARunningGoalIsCancelled) {
  std::promise<void> running;
  auto goal = client_.send_goal({true, {}, {"stay"}}, [&](const TestAction::Feedback&) { running.set_value(); });
  ASSERT_EQ(running.get_future().wait_for(kLimit), std::future_status::ready);
  goal.cancel();
  auto outcome = goal.wait(kLimit);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, GoalEnd::kCanceled);
  EXPECT_EQ(outcome->result.error_code, 10);
}

TEST_F(ActionWire, SeveralGoalsAtOnceAndOneThatWaitsIsCancelled) {
  std::vector<ClientGoal<TestAction>> goals;  // four run, the fifth waits
  for (int i = 0; i < 5; ++i) goals.push_back(client_.send_goal({true, {}, {"stay"}}));
  for (auto& goal : goals) EXPECT_TRUE(goal.wait_accepted(kLimit));
  goals[4].cancel();
  for (int i = 0; i < 4; ++i) goals[static_cast<std::size_t>(i)].cancel();
  for (auto& goal : goals) {
    auto outcome = goal.wait(kLimit);
    EXPECT_EQ(outcome->end, GoalEnd::kCanceled);
    EXPECT_EQ(outcome->result.error_code, 10);  // also for the goal that never ran
  }
}

TEST_F(ActionWire, AnOrderlyStopEndsRunningGoals) {
  std::promise<void> running;
  auto goal = client_.send_goal({true, {}, {"stay"}}, [&](const TestAction::Feedback&) { running.set_value(); });
  ASSERT_EQ(running.get_future().wait_for(kLimit), std::future_status::ready);
  peer_->signal(SIGTERM);
  auto outcome = goal.wait(kLimit);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, GoalEnd::kAborted) << outcome->reason;  // no client requested cancellation
  EXPECT_EQ(peer_->wait(), 0);
}

TEST_F(ActionWire, AKilledServerIsDetected) {
  std::promise<void> running;
  auto goal = client_.send_goal({true, {}, {"stay"}}, [&](const TestAction::Feedback&) { running.set_value(); });
  ASSERT_EQ(running.get_future().wait_for(kLimit), std::future_status::ready);
  peer_->signal(SIGKILL);
  EXPECT_EQ(peer_->wait(), 128 + SIGKILL);
  auto outcome = goal.wait(kLimit);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, GoalEnd::kLost);
  EXPECT_NE(outcome->reason.find("/features"), std::string::npos) << outcome->reason;
  // A new server is found.
  peer_.emplace(std::vector<std::string>{"server"});
  ASSERT_TRUE(client_.wait_for_server(kLimit));
  EXPECT_EQ(end_of("work").end, GoalEnd::kSucceeded);
}

// 3 clients, 1,000 goals in all, one in ten cancelled at a random moment.
TEST_F(ActionWire, AThousandGoalsOfThreeClientsEndCorrectly) {
  std::vector<std::unique_ptr<Peer>> clients;
  for (const char* seed : {"1", "2", "3"}) {
    clients.push_back(std::make_unique<Peer>(std::vector<std::string>{"client", "334", seed}));
  }
  for (auto& client : clients) {
    for (std::string line = client->read_line(); line != "good 334"; line = client->read_line()) {
      ADD_FAILURE() << line;
      if (line.empty() || line.starts_with("good")) break;
    }
    EXPECT_EQ(client->wait(), 0);
  }
}

// Requests that another client may send, through the services of the wire protocol.
TEST_F(ActionWire, ResultsAreKeptAndUnknownGoalsAnswered) {
  auto send = tester_->node.create_client<SendGoal>("/features/_action/send_goal");
  auto get = tester_->node.create_client<GetResult>("/features/_action/get_result");
  auto cancel = tester_->node.create_client<CancelGoal>("/features/_action/cancel_goal");
  ASSERT_TRUE(send.wait_for_service(kLimit) && get.wait_for_service(kLimit) && cancel.wait_for_service(kLimit));
  UUID id{random_id()};
  EXPECT_EQ(get.call({id}, kLimit).status, 0);
  EXPECT_EQ(cancel.call({{id, {}}}, kLimit).return_code, CancelGoal::kUnknownGoalId);
  auto accepted = send.call({id, {true, {"a"}, {}}}, kLimit);
  EXPECT_TRUE(accepted.accepted);
  EXPECT_GT(accepted.stamp.sec, 1'600'000'000);
  EXPECT_FALSE(send.call({id, {true, {"a"}, {}}}, kLimit).accepted);  // the same id again
  for (int i = 0; i < 2; ++i) {
    auto result = get.call({id}, kLimit);
    EXPECT_EQ(result.status, 4);
    EXPECT_TRUE(result.result.success);
  }
  EXPECT_EQ(cancel.call({{id, {}}}, kLimit).return_code, CancelGoal::kGoalTerminated);
}

TEST_F(ActionWire, ALateSubscriberReceivesTheStatus) {
  auto goal = client_.send_goal({true, {"a"}, {}});
  EXPECT_EQ(goal.wait(kLimit)->end, GoalEnd::kSucceeded);
  std::promise<GoalStatusMessage> seen;
  bool done = false;
  auto status = tester_->node.create_subscription<GoalStatusArray>(
      "/features/_action/status",
      [&](const GoalStatusArray& array) {
        if (done || array.status_list.empty() || array.status_list[0].status != 4) return;
        done = true;
        seen.set_value(array.status_list[0]);
      },
      Qos::action_status());
  auto future = seen.get_future();
  ASSERT_EQ(future.wait_for(kLimit), std::future_status::ready);
  EXPECT_EQ(future.get().goal_info.goal_id, goal.id());
}

}  // namespace
}  // namespace clipseek::ros2

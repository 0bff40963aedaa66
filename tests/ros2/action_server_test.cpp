// An action server in this process: its end while clients use it, and its callbacks.
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>

#include "ros2/testing/test_messages.h"
#include "support.h"

namespace clipseek::ros2 {
namespace {

// A service of the action, as sent on the wire.
struct GetResult {
  using Request = GetResultRequest<TestAction>;
  using Response = GetResultResponse<TestAction>;
};

// A server in this process, which a test can destroy while clients use it.
struct LocalServer {
  explicit LocalServer(std::function<void(GoalHandle<TestAction>)> execute)
      : LocalServer(ActionCallbacks<TestAction>{.execute = std::move(execute)}) {}
  explicit LocalServer(ActionCallbacks<TestAction> callbacks, int max_running = 4)
      : action(node.create_action_server<TestAction>("features", std::move(callbacks),
                                                     {.max_running = max_running, .stop_timeout = kLimit})) {}

  Participant participant;
  Node node{participant, quiet_arguments(), "server"};
  ActionServer<TestAction> action;
};

// Publishes one feedback message and waits for a stop request.
void stay(GoalHandle<TestAction> goal) {
  goal.publish_feedback({0, {}});
  std::promise<void> stopped;
  std::stop_callback on_stop(goal.stop_token(), [&] { stopped.set_value(); });
  stopped.get_future().wait();
}

// The server is destroyed while it accepts goals. With the thread sanitizer, this test also checks that the fields of a
// goal are guarded.
TEST(ActionServerEnd, EveryAcceptedGoalGetsItsResult) {
  take_domain();
  Tester tester;
  auto client = tester.node.create_action_client<TestAction>("features");
  for (int round = 0; round < 5; ++round) {
    std::optional<LocalServer> server;
    server.emplace([](GoalHandle<TestAction> goal) { goal.succeed({true, 0}); });
    ASSERT_TRUE(client.wait_for_server(kLimit));
    std::vector<ClientGoal<TestAction>> goals;
    for (int i = 0; i < 100; ++i) goals.push_back(client.send_goal({true, {}, {}}));
    ASSERT_TRUE(goals.front().wait(kLimit));
    server.reset();
    for (const auto& goal : goals) {
      auto outcome = goal.wait(kLimit);
      ASSERT_TRUE(outcome);
      if (!goal.wait_accepted({})) continue;
      EXPECT_TRUE(outcome->end == GoalEnd::kSucceeded || outcome->end == GoalEnd::kAborted) << outcome->reason;
    }
  }
}

// On a busy machine, the client's process may not run while the server stops. The server then waits for it.
TEST(ActionServerEnd, ASuspendedClientGetsItsResult) {
  take_domain();
  std::optional<LocalServer> server;
  server.emplace([](GoalHandle<TestAction> goal) {
    stay(goal);
    goal.canceled({false, 10});
  });
  Peer client({"one_goal"});
  client.expect_line("running");
  client.freeze();
  auto destroyed = std::async(std::launch::async, [&] { server.reset(); });
  EXPECT_EQ(destroyed.wait_for(std::chrono::seconds(1)), std::future_status::timeout);
  client.signal(SIGCONT);
  EXPECT_EQ(client.read_line(), "ended as 1");  // GoalEnd::kAborted
  EXPECT_EQ(client.wait(), 0);
  destroyed.get();
}

// Callbacks of the server that throw or use the goal's handle. If the server called them with its mutex locked, the
// tests of the second kind would time out.
class ActionServerCallbacks : public testing::Test {
 protected:
  using Goal = TestAction::Goal;
  using Result = TestAction::Result;

  ActionServerCallbacks() {
    take_domain();
    tester_.emplace();
  }
  void serve(const ActionCallbacks<TestAction>& callbacks, int max_running = 4) {
    server_.emplace(callbacks, max_running);
    client_ = tester_->node.create_action_client<TestAction>("features");
    ASSERT_TRUE(client_.wait_for_server(kLimit));
  }
  // Sends a goal whose `execute` calls stay(), and returns when it runs.
  ClientGoal<TestAction> send_and_wait_until_it_runs() {
    auto running = std::make_shared<std::promise<void>>();
    auto goal = client_.send_goal({false, {}, {}}, [running](const TestAction::Feedback&) { running->set_value(); });
    EXPECT_EQ(running->get_future().wait_for(kLimit), std::future_status::ready);
    return goal;
  }

  std::optional<Tester> tester_;
  ActionClient<TestAction> client_;
  std::optional<LocalServer> server_;
};

TestAction::Result throw_error(bool) {
  throw std::runtime_error("thrown by a test");
}

TEST_F(ActionServerCallbacks, ADefaultResultThatThrowsEndsItsGoalOnly) {
  auto succeed_or_return = [](GoalHandle<TestAction> goal) {
    if (goal.goal().type) goal.succeed({true, 0});
  };
  serve({.execute = succeed_or_return, .default_result = throw_error});
  auto outcome = client_.send_goal({false, {}, {}}).wait(kLimit);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, GoalEnd::kAborted);
  EXPECT_EQ(outcome->result, Result{});
  EXPECT_EQ(client_.send_goal({true, {}, {}}).wait(kLimit)->end, GoalEnd::kSucceeded);
}

TEST_F(ActionServerCallbacks, AServerWhoseDefaultResultThrowsStops) {
  serve({.execute = stay, .default_result = throw_error}, 1);
  auto running = send_and_wait_until_it_runs();
  auto waiting = client_.send_goal({false, {}, {}});
  ASSERT_TRUE(waiting.wait_accepted(kLimit));
  server_.reset();
  for (auto* goal : {&running, &waiting}) {
    auto outcome = goal->wait(kLimit);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->end, GoalEnd::kAborted) << outcome->reason;
    EXPECT_EQ(outcome->result, Result{});
  }
}

TEST_F(ActionServerCallbacks, AnAcceptCancelThatThrowsRejects) {
  serve({.accept_cancel = [](const Goal&) -> bool { throw std::runtime_error("thrown by a test"); }, .execute = stay});
  auto cancel = tester_->node.create_client<CancelGoal>("/features/_action/cancel_goal");
  ASSERT_TRUE(cancel.wait_for_service(kLimit));
  auto goal = send_and_wait_until_it_runs();
  EXPECT_EQ(cancel.call({{goal.id(), {}}}, kLimit).return_code, CancelGoal::kRejected);
}

TEST_F(ActionServerCallbacks, CallbacksMayUseTheHandle) {
  std::promise<GoalHandle<TestAction>> begun;
  auto handle = begun.get_future().share();
  std::atomic<int> requested_before = -1;
  std::atomic<int> requested_after = -1;
  auto accept_cancel = [handle, &requested_before](const Goal&) {
    requested_before = handle.get().cancel_requested() ? 1 : 0;
    return true;
  };
  auto execute = [&begun](GoalHandle<TestAction> goal) {
    begun.set_value(goal);
    stay(goal);
  };
  auto default_result = [handle, &requested_after](bool) {
    requested_after = handle.get().cancel_requested() ? 1 : 0;
    return Result{true, 5};
  };
  serve({.accept_cancel = accept_cancel, .execute = execute, .default_result = default_result});
  auto goal = send_and_wait_until_it_runs();
  goal.cancel();
  auto outcome = goal.wait(kLimit);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, GoalEnd::kAborted);  // `execute` did not end it as cancelled
  EXPECT_EQ(outcome->result, (Result{true, 5}));
  EXPECT_EQ(requested_before, 0);
  EXPECT_EQ(requested_after, 1);
}

TEST_F(ActionServerCallbacks, AGoalThatEndsDuringDefaultResultEndsOnce) {
  std::promise<GoalHandle<TestAction>> begun;
  auto handle = begun.get_future().share();
  auto execute = [&begun](GoalHandle<TestAction> goal) {
    if (goal.goal().type) return goal.succeed({true, 0});
    begun.set_value(goal);
  };
  auto default_result = [handle](bool) {
    GoalHandle<TestAction>(handle.get()).succeed({true, 1});
    return Result{false, 2};
  };
  serve({.execute = execute, .default_result = default_result}, 1);
  auto get = tester_->node.create_client<GetResult>("/features/_action/get_result");
  ASSERT_TRUE(get.wait_for_service(kLimit));
  auto goal = client_.send_goal({false, {}, {}});
  EXPECT_EQ(goal.wait(kLimit)->end, GoalEnd::kSucceeded);
  // When another goal has run on the only thread, the server has done everything for the first one.
  EXPECT_EQ(client_.send_goal({true, {}, {}}).wait(kLimit)->end, GoalEnd::kSucceeded);
  auto kept = get.call({goal.id()}, kLimit);
  EXPECT_EQ(kept.status, 4);
  EXPECT_EQ(kept.result, (Result{true, 1}));
}

}  // namespace
}  // namespace clipseek::ros2

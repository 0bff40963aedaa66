// A managed node and a client of its services, between two participants of this process.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>

#include "ros2/clock.h"
#include "ros2/lifecycle.h"
#include "support.h"

namespace clipseek::ros2 {
namespace {

class LifecycleWire : public testing::Test {
 protected:
  LifecycleWire() {
    take_domain();
    tester_.emplace();
    robot_participant_.emplace();
    robot_.emplace(*robot_participant_, quiet_arguments(), "robot");
  }

  void manage(LifecycleCallbacks callbacks) { lifecycle_.emplace(*robot_, std::move(callbacks)); }

  template <Service S>
  typename S::Response call(const std::string& name, const typename S::Request& request = {}) {
    auto client = tester_->node.create_client<S>("/robot/" + name);
    EXPECT_TRUE(client.wait_for_service(kLimit)) << name;
    return client.call(request, kLimit);
  }
  bool change(const std::string& label) { return call<ChangeState>("change_state", {{0, label}}).success; }
  std::string state() { return call<GetState>("get_state").current_state.label; }

  std::optional<Tester> tester_;
  std::optional<Participant> robot_participant_;
  std::optional<Node> robot_;
  std::optional<Lifecycle> lifecycle_;
};

TEST_F(LifecycleWire, AClientMovesTheNodeThroughItsStates) {
  std::vector<std::string> calls;  // only the service's strand writes it
  auto record = [&](const char* what) {
    return [&calls, what](LifecycleState from) {
      calls.push_back(std::string(what) + " from " + std::string(label_of(from)));
      return true;
    };
  };
  manage({.on_configure = record("configure"),
          .on_activate = record("activate"),
          .on_deactivate = record("deactivate"),
          .on_cleanup = record("cleanup"),
          .on_shutdown = record("shutdown")});
  EXPECT_EQ(state(), "unconfigured");
  EXPECT_FALSE(change("activate"));
  const std::pair<const char*, const char*> steps[] = {
      {"configure", "inactive"}, {"activate", "active"}, {"deactivate", "inactive"}, {"cleanup", "unconfigured"},
      {"configure", "inactive"}, {"activate", "active"}, {"shutdown", "finalized"}};
  for (const auto& [label, end] : steps) {
    EXPECT_TRUE(change(label)) << label;
    EXPECT_EQ(state(), end);
  }
  EXPECT_FALSE(change("configure"));
  EXPECT_EQ(calls,
            (std::vector<std::string>{"configure from unconfigured", "activate from inactive", "deactivate from active",
                                      "cleanup from inactive", "configure from unconfigured", "activate from inactive",
                                      "shutdown from active"}));
}

TEST_F(LifecycleWire, FailuresAndErrorsAreReported) {
  manage({.on_configure = [](LifecycleState) { return false; }});
  EXPECT_FALSE(change("configure"));
  EXPECT_EQ(state(), "unconfigured");
  EXPECT_FALSE(call<ChangeState>("change_state", {{1, ""}}).success);  // by its id
  lifecycle_.reset();
  std::atomic<bool> recovers = true;
  manage({.on_activate = [](LifecycleState) -> bool { throw std::runtime_error("requested by the test"); },
          .on_error = [&](LifecycleState from) { return from == LifecycleState::kInactive && recovers; }});
  EXPECT_TRUE(change("configure"));
  EXPECT_FALSE(change("activate"));
  EXPECT_EQ(state(), "unconfigured");
  recovers = false;
  EXPECT_TRUE(change("configure"));
  EXPECT_FALSE(change("activate"));
  EXPECT_EQ(state(), "finalized");
}

TEST_F(LifecycleWire, AnExceptionIsThrownToTheCallerOrLogged) {
  bool ended = false;
  manage({.on_configure = [](LifecycleState) -> bool { throw std::runtime_error("requested by the test"); },
          .on_error = [&](LifecycleState) { return ended = true; }});
  testing::internal::CaptureStderr();
  try {
    lifecycle_->trigger_or_throw("configure");
    ADD_FAILURE();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "requested by the test");
  }
  const std::string quiet = testing::internal::GetCapturedStderr();
  EXPECT_EQ(quiet.find("requested by the test"), std::string::npos) << quiet;
  EXPECT_TRUE(ended);
  EXPECT_EQ(state(), "unconfigured");
  testing::internal::CaptureStderr();
  EXPECT_FALSE(change("configure"));
  EXPECT_FALSE(lifecycle_->trigger("configure"));
  const std::string log = testing::internal::GetCapturedStderr();
  const std::string line = "state configuring: requested by the test";
  EXPECT_NE(log.find(line), std::string::npos) << log;
  EXPECT_NE(log.find(line), log.rfind(line)) << log;
}

TEST_F(LifecycleWire, ListsStatesAndTransitions) {
  manage({});
  EXPECT_TRUE(lifecycle_->trigger("configure"));
  auto transitions = call<GetAvailableTransitions>("get_available_transitions").available_transitions;
  ASSERT_EQ(transitions.size(), 3U);
  EXPECT_EQ(transitions[1].transition, (LifecycleTransitionMessage{3, "activate"}));
  EXPECT_EQ(transitions[1].start_state, (LifecycleStateMessage{2, "inactive"}));
  EXPECT_EQ(transitions[1].goal_state, (LifecycleStateMessage{13, "activating"}));
  EXPECT_EQ(call<GetAvailableTransitions>("get_transition_graph").available_transitions.size(), 25U);
  auto states = call<GetAvailableStates>("get_available_states").available_states;
  ASSERT_EQ(states.size(), 11U);
  EXPECT_EQ(states[10], (LifecycleStateMessage{15, "errorprocessing"}));
}

TEST_F(LifecycleWire, WhileACallbackRunsTheStateCanBeReadAndTriggerRefuses) {
  std::promise<void> may_end;
  std::shared_future<void> released = may_end.get_future().share();
  std::atomic<bool> refused = false;
  manage({.on_configure = [&](LifecycleState) {
    refused = !lifecycle_->trigger("shutdown") && !lifecycle_->trigger("transition_success");
    released.wait();
    return true;
  }});
  auto client = tester_->node.create_client<ChangeState>("/robot/change_state");
  ASSERT_TRUE(client.wait_for_service(kLimit));
  auto reply = client.call({{0, "configure"}});
  EXPECT_TRUE(wait_until([&] { return state() == "configuring"; }, kLimit));
  may_end.set_value();
  ASSERT_EQ(reply.wait_for(kLimit), std::future_status::ready);
  EXPECT_TRUE(reply.get().success);
  EXPECT_TRUE(refused);
  EXPECT_EQ(state(), "inactive");
}

TEST_F(LifecycleWire, EveryStepIsPublishedInOrder) {
  manage({});
  std::mutex mutex;
  std::vector<TransitionEvent> events;
  auto listener =
      tester_->node.create_subscription<TransitionEvent>("/robot/transition_event", [&](const TransitionEvent& event) {
        std::lock_guard lock(mutex);
        events.push_back(event);
      });
  auto act = [&] {
    lifecycle_->trigger("configure");
    lifecycle_->trigger("cleanup");
  };
  // The end of a run that began at `begin` has arrived, and so have the events before it.
  auto ended_since = [&](std::uint64_t begin) {
    std::lock_guard lock(mutex);
    return !events.empty() && events.back().timestamp >= begin && events.back().goal_state.label == "unconfigured";
  };
  ASSERT_TRUE(repeat_until(act, [&] { return ended_since(0); }));
  const auto begin = static_cast<std::uint64_t>(now_ns());
  act();
  ASSERT_TRUE(wait_until([&] { return ended_since(begin); }, kLimit));
  std::lock_guard lock(mutex);
  std::string path;
  for (std::size_t i = events.size() - 4; i < events.size(); ++i) {
    const TransitionEvent& event = events[i];
    path += event.start_state.label + " -" + event.transition.label + " " + std::to_string(event.transition.id) +
            "-> " + event.goal_state.label + "; ";
    EXPECT_GT(event.timestamp, 1'700'000'000'000'000'000U);
  }
  EXPECT_EQ(path,
            "unconfigured -configure 1-> configuring; configuring -transition_success 10-> inactive; "
            "inactive -cleanup 2-> cleaningup; cleaningup -transition_success 20-> unconfigured; ");
}

}  // namespace
}  // namespace clipseek::ros2

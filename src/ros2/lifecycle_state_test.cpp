#include "ros2/lifecycle_state.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>

namespace clipseek::ros2 {
namespace {

using State = LifecycleState;
using Result = LifecycleResult;

// A transition that can be requested, as lifecycle_msgs and the design "Managed nodes" define it.
struct Expected {
  State from;
  const char* label;
  std::uint8_t id;
  State during;
  State after_success;
  State after_failure;
  std::uint8_t success_id;  // of the transition that ends it; those for failure and error follow
};

constexpr Expected kExpected[] = {
    {State::kUnconfigured, "configure", 1, State::kConfiguring, State::kInactive, State::kUnconfigured, 10},
    {State::kInactive, "cleanup", 2, State::kCleaningUp, State::kUnconfigured, State::kInactive, 20},
    {State::kInactive, "activate", 3, State::kActivating, State::kActive, State::kInactive, 30},
    {State::kActive, "deactivate", 4, State::kDeactivating, State::kInactive, State::kActive, 40},
    {State::kUnconfigured, "shutdown", 5, State::kShuttingDown, State::kFinalized, State::kFinalized, 50},
    {State::kInactive, "shutdown", 6, State::kShuttingDown, State::kFinalized, State::kFinalized, 50},
    {State::kActive, "shutdown", 7, State::kShuttingDown, State::kFinalized, State::kFinalized, 50},
};

// A machine in one of the states that a node can be in before a request.
LifecycleMachine machine_in(State state) {
  LifecycleMachine machine;
  auto step = [&](const char* label) {
    machine.start(0, label);
    machine.finish(Result::kSuccess);
  };
  if (state == State::kInactive || state == State::kActive) step("configure");
  if (state == State::kActive) step("activate");
  if (state == State::kFinalized) step("shutdown");
  EXPECT_EQ(machine.state(), state);
  return machine;
}

TEST(LifecycleMachine, BeginsUnconfigured) {
  EXPECT_EQ(LifecycleMachine().state(), State::kUnconfigured);
}

TEST(LifecycleMachine, EveryRequestEndsAsTheDesignSays) {
  for (const Expected& expected : kExpected) {
    SCOPED_TRACE(std::string(label_of(expected.from)) + " " + expected.label);
    const State ends[] = {expected.after_success, expected.after_failure, State::kErrorProcessing};
    for (Result result : {Result::kSuccess, Result::kFailure, Result::kError}) {
      const auto index = static_cast<std::size_t>(result);
      LifecycleMachine machine = machine_in(expected.from);
      const LifecycleTransition* begin = machine.start(0, expected.label);
      ASSERT_NE(begin, nullptr);
      EXPECT_EQ(begin->id, expected.id);
      EXPECT_EQ(machine.state(), expected.during);
      const LifecycleTransition* end = machine.finish(result);
      ASSERT_NE(end, nullptr);
      EXPECT_EQ(end->id, expected.success_id + index);
      EXPECT_EQ(machine.state(), ends[index]);
    }
  }
}

TEST(LifecycleMachine, ARequestMayNameTheTransitionByItsId) {
  for (const Expected& expected : kExpected) {
    LifecycleMachine machine = machine_in(expected.from);
    ASSERT_NE(machine.start(expected.id, ""), nullptr);
    EXPECT_EQ(machine.state(), expected.during);
  }
}

TEST(LifecycleMachine, AfterAnErrorTheNodeIsUnconfiguredOrFinalized) {
  const std::pair<Result, State> ends[] = {{Result::kSuccess, State::kUnconfigured},
                                           {Result::kFailure, State::kFinalized},
                                           {Result::kError, State::kFinalized}};
  for (const auto& [result, end] : ends) {
    LifecycleMachine machine = machine_in(State::kActive);
    machine.start(0, "deactivate");
    machine.finish(Result::kError);
    ASSERT_NE(machine.finish(result), nullptr);
    EXPECT_EQ(machine.state(), end);
  }
}

TEST(LifecycleMachine, OtherRequestsChangeNothing) {
  for (State state : {State::kUnconfigured, State::kInactive, State::kActive, State::kFinalized}) {
    std::set<std::string> labels;
    std::set<int> ids;
    for (const Expected& expected : kExpected) {
      if (expected.from == state) {
        labels.insert(expected.label);
        ids.insert(expected.id);
      }
    }
    for (const LifecycleTransition& transition : lifecycle_transitions()) {
      LifecycleMachine machine = machine_in(state);
      EXPECT_EQ(machine.start(0, transition.label) != nullptr, labels.count(std::string(transition.label)) > 0);
    }
    for (int id = 0; id < 256; ++id) {
      LifecycleMachine machine = machine_in(state);
      EXPECT_EQ(machine.start(static_cast<std::uint8_t>(id), "") != nullptr, ids.count(id) > 0);
      if (ids.count(id) == 0) {
        EXPECT_EQ(machine.state(), state);
      }
    }
    LifecycleMachine machine = machine_in(state);
    EXPECT_EQ(machine.finish(Result::kSuccess), nullptr);
    EXPECT_EQ(machine.state(), state);
  }
}

// A client must not end the transition that runs, whose outcome only the callback knows.
TEST(LifecycleMachine, ARequestDuringATransitionIsRefused) {
  LifecycleMachine machine;
  machine.start(0, "configure");
  EXPECT_EQ(machine.start(0, "transition_success"), nullptr);
  EXPECT_EQ(machine.start(10, ""), nullptr);
  EXPECT_EQ(machine.start(0, "configure"), nullptr);
  EXPECT_EQ(machine.state(), State::kConfiguring);
}

// The order is that in which rcl_lifecycle 9.2 registers states and transitions, which tools show.
TEST(LifecycleStates, ListsAllStatesAndTransitionsInTheOrderOfRcl) {
  std::string states;
  for (State state : lifecycle_states()) {
    states += std::to_string(static_cast<int>(state)) + " " + std::string(label_of(state)) + ";";
  }
  EXPECT_EQ(states,
            "0 unknown;1 unconfigured;2 inactive;3 active;4 finalized;10 configuring;11 cleaningup;12 shuttingdown;"
            "13 activating;14 deactivating;15 errorprocessing;");
  std::string ids;
  for (const LifecycleTransition& transition : lifecycle_transitions()) ids += std::to_string(transition.id) + " ";
  EXPECT_EQ(ids, "1 10 11 12 2 20 21 22 3 30 31 32 4 40 41 42 5 6 7 50 51 52 60 61 62 ");
  std::string from_inactive;
  for (const LifecycleTransition& transition : transitions_from(State::kInactive)) {
    from_inactive += std::string(transition.label) + " ";
  }
  EXPECT_EQ(from_inactive, "cleanup activate shutdown ");
}

}  // namespace
}  // namespace clipseek::ros2

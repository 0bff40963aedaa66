#include "ros2/goal_state.h"

#include <gtest/gtest.h>

namespace clipseek::ros2 {
namespace {

using enum GoalStatus;

constexpr GoalStatus kAllStatuses[] = {kUnknown, kAccepted, kExecuting, kCanceling, kSucceeded, kCanceled, kAborted};

// The table of rcl_action's goal_state_machine.c; all other pairs are not transitions.
TEST(GoalState, TransitionsMatchRcl) {
  const std::map<std::pair<GoalStatus, GoalEvent>, GoalStatus> table = {
      {{kAccepted, GoalEvent::kExecute}, kExecuting},        {{kAccepted, GoalEvent::kCancelRequest}, kCanceling},
      {{kExecuting, GoalEvent::kSucceed}, kSucceeded},       {{kExecuting, GoalEvent::kAbort}, kAborted},
      {{kExecuting, GoalEvent::kCancelRequest}, kCanceling}, {{kCanceling, GoalEvent::kSucceed}, kSucceeded},
      {{kCanceling, GoalEvent::kAbort}, kAborted},           {{kCanceling, GoalEvent::kCanceled}, kCanceled}};
  for (GoalStatus status : kAllStatuses) {
    for (GoalEvent event : {GoalEvent::kExecute, GoalEvent::kCancelRequest, GoalEvent::kSucceed, GoalEvent::kAbort,
                            GoalEvent::kCanceled}) {
      auto expected = table.find({status, event});
      std::optional<GoalStatus> next = next_status(status, event);
      ASSERT_EQ(next.has_value(), expected != table.end()) << int(status) << " " << int(event);
      if (next) {
        EXPECT_EQ(*next, expected->second);
      }
    }
  }
}

UUID id(std::uint8_t number) {
  return UUID{{number}};
}

std::vector<KnownGoal> some_goals() {
  return {{{id(1), {10, 0}}, kExecuting},
          {{id(2), {20, 5}}, kAccepted},
          {{id(3), {5, 0}}, kSucceeded},
          {{id(4), {30, 0}}, kCanceling}};
}

TEST(CancelChoice, SelectsOneGoalById) {
  EXPECT_EQ(choose_goals_to_cancel({id(1), {}}, some_goals()).goals, std::vector<UUID>{id(1)});
  EXPECT_EQ(choose_goals_to_cancel({id(9), {}}, some_goals()).code, CancelGoal::kUnknownGoalId);
  CancelChoice ended = choose_goals_to_cancel({id(3), {}}, some_goals());
  EXPECT_EQ(ended.code, CancelGoal::kGoalTerminated);
  EXPECT_TRUE(ended.goals.empty());
  EXPECT_EQ(choose_goals_to_cancel({id(4), {}}, some_goals()).code, CancelGoal::kGoalTerminated);
}

TEST(CancelChoice, SelectsGoalsByTimeOrAll) {
  EXPECT_EQ(choose_goals_to_cancel({}, some_goals()).goals, (std::vector<UUID>{id(1), id(2)}));
  EXPECT_EQ(choose_goals_to_cancel({{}, {20, 4}}, some_goals()).goals, std::vector<UUID>{id(1)});
  EXPECT_EQ(choose_goals_to_cancel({{}, {20, 5}}, some_goals()).goals, (std::vector<UUID>{id(1), id(2)}));
  EXPECT_EQ(choose_goals_to_cancel({id(2), {10, 0}}, some_goals()).goals, (std::vector<UUID>{id(1), id(2)}));
  EXPECT_EQ(choose_goals_to_cancel({id(2), {1, 0}}, some_goals()).code, CancelGoal::kNone);
}

}  // namespace
}  // namespace clipseek::ros2

#include "ros2/goal_state.h"

#include <algorithm>
#include <tuple>

namespace clipseek::ros2 {

bool is_terminal(GoalStatus status) {
  return status == GoalStatus::kSucceeded || status == GoalStatus::kCanceled || status == GoalStatus::kAborted;
}

bool is_cancelable(GoalStatus status) {
  return status == GoalStatus::kAccepted || status == GoalStatus::kExecuting;
}

std::optional<GoalStatus> next_status(GoalStatus status, GoalEvent event) {
  bool runs = status == GoalStatus::kExecuting || status == GoalStatus::kCanceling;
  switch (event) {
    case GoalEvent::kExecute:
      if (status == GoalStatus::kAccepted) return GoalStatus::kExecuting;
      break;
    case GoalEvent::kCancelRequest:
      if (is_cancelable(status)) return GoalStatus::kCanceling;
      break;
    case GoalEvent::kSucceed:
      if (runs) return GoalStatus::kSucceeded;
      break;
    case GoalEvent::kAbort:
      if (runs) return GoalStatus::kAborted;
      break;
    case GoalEvent::kCanceled:
      if (status == GoalStatus::kCanceling) return GoalStatus::kCanceled;
      break;
  }
  return std::nullopt;
}

CancelChoice choose_goals_to_cancel(const GoalInfo& request, const std::vector<KnownGoal>& goals) {
  bool by_id = request.goal_id != UUID{};
  bool by_time = request.stamp != Time{};
  if (by_id && !by_time) {
    auto found = std::find_if(goals.begin(), goals.end(),
                              [&](const KnownGoal& goal) { return goal.info.goal_id == request.goal_id; });
    if (found == goals.end()) return {CancelGoal::kUnknownGoalId, {}};
    if (!is_cancelable(found->status)) return {CancelGoal::kGoalTerminated, {}};
    return {CancelGoal::kNone, {request.goal_id}};
  }
  CancelChoice choice{CancelGoal::kNone, {}};
  auto order = [](const Time& time) { return std::tie(time.sec, time.nanosec); };
  for (const KnownGoal& goal : goals) {
    bool early_enough = !by_time || order(goal.info.stamp) <= order(request.stamp);
    bool named = by_id && goal.info.goal_id == request.goal_id;
    if ((early_enough || named) && is_cancelable(goal.status)) choice.goals.push_back(goal.info.goal_id);
  }
  return choice;
}

}  // namespace clipseek::ros2

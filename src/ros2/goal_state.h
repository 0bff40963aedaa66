// The state machine of a goal (design.ros2.org, "Actions"): ACCEPTED -> EXECUTING -> SUCCEEDED or ABORTED; and after a
// cancel request CANCELING -> CANCELED, SUCCEEDED or ABORTED. Pure functions.
#pragma once

#include <optional>
#include <vector>

#include "ros2/msg/action_msgs.h"

namespace clipseek::ros2 {

enum class GoalEvent { kExecute, kCancelRequest, kSucceed, kAbort, kCanceled };

// The status after `event`; std::nullopt where `event` is not valid in `status`.
std::optional<GoalStatus> next_status(GoalStatus status, GoalEvent event);
bool is_terminal(GoalStatus status);
bool is_cancelable(GoalStatus status);

struct KnownGoal {
  GoalInfo info;
  GoalStatus status;
};

// The goals that a cancel request selects, and the return code of its response. With id and stamp zero the request
// selects all goals, with an id only that goal, with a stamp only the goals accepted at or before it, with both the
// union.
struct CancelChoice {
  CancelGoal::Code code;
  std::vector<UUID> goals;
};
CancelChoice choose_goals_to_cancel(const GoalInfo& request, const std::vector<KnownGoal>& goals);

}  // namespace clipseek::ros2

// The life of a goal (design.ros2.org, "Actions"): ACCEPTED -> EXECUTING -> SUCCEEDED or ABORTED, and by way of
// CANCELING to CANCELED, SUCCEEDED or ABORTED. Pure functions.
#pragma once

#include <optional>
#include <vector>

#include "ros2/msg/action_msgs.h"

namespace clipseek::ros2 {

enum class GoalEvent { kExecute, kCancelRequest, kSucceed, kAbort, kCanceled };

// The status after `event`; nothing where a goal in `status` cannot have it.
std::optional<GoalStatus> next_status(GoalStatus status, GoalEvent event);
bool is_terminal(GoalStatus status);
bool is_cancelable(GoalStatus status);

struct KnownGoal {
  GoalInfo info;
  GoalStatus status;
};

// Which of `goals` a cancel request means, and the code for its answer: a goal by its id, all with stamp zero and id
// zero, those accepted at or before a stamp, or both of the last.
struct CancelChoice {
  CancelGoal::Code code;
  std::vector<UUID> goals;
};
CancelChoice choose_goals_to_cancel(const GoalInfo& request, const std::vector<KnownGoal>& goals);

}  // namespace clipseek::ros2

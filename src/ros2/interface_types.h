// The types of services and actions. They are never sent: they consist of messages, and have names and hashes of their
// own, by which ROS 2 (Iron and later) identifies a service or an action.
#pragma once

#include "ros2/action_types.h"

namespace clipseek::ros2 {

// "p/srv/S" of the messages p/srv/S_Request and p/srv/S_Response.
TypeInfo service_type(const TypeInfo& request, const TypeInfo& response);

// "p/action/A" of the messages of its two services and p/action/A_FeedbackMessage.
TypeInfo action_type(const ActionTypes& types);

}  // namespace clipseek::ros2

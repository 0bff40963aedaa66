// Names and types that the server and the clients of an action share.
#pragma once

#include <string>

#include "ros2/msg/action_msgs.h"
#include "ros2/type_info.h"

namespace clipseek::ros2 {

struct ActionTypes {
  TypeInfo send_goal_request;
  TypeInfo send_goal_response;
  TypeInfo get_result_request;
  TypeInfo get_result_response;
  TypeInfo feedback;
};

template <Action A>
ActionTypes action_types() {
  return {type_info<SendGoalRequest<A>>(), type_info<SendGoalResponse<A>>(), type_info<GetResultRequest<A>>(),
          type_info<GetResultResponse<A>>(), type_info<FeedbackMessage<A>>()};
}

// The absolute names of an action's three services and two topics.
struct ActionNames {
  std::string send_goal;
  std::string cancel_goal;
  std::string get_result;
  std::string feedback;
  std::string status;
};

}  // namespace clipseek::ros2

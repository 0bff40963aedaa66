// Prints "name hash" for every message of the actions of clip_msgs, as announced by our nodes.
#include <iostream>

#include "nodes/shared/clip_msgs.h"
#include "ros2/action_types.h"

namespace {

using namespace clipseek;

void print(const ros2::TypeInfo& info) {
  std::cout << info.name << " " << info.hash << "\n";
}

template <typename Action>
void print_action() {
  print(ros2::type_info<typename Action::Goal>());
  print(ros2::type_info<typename Action::Result>());
  print(ros2::type_info<typename Action::Feedback>());
  ros2::ActionTypes types = ros2::action_types<Action>();
  for (const ros2::TypeInfo& info : {types.send_goal_request, types.send_goal_response, types.get_result_request,
                                     types.get_result_response, types.feedback}) {
    print(info);
  }
}

}  // namespace

int main() {
  print(ros2::type_info<nodes::ClipItem>());
  print_action<nodes::GetFeatures>();
  print_action<nodes::Search>();
}

// What `clipseek launch` starts: the nodes and parameters of ros2/clip_manage/launch/hobot_clip_manage.launch.py, with
// the same launch arguments.
#pragma once

#include <array>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clipseek::cli {

struct LaunchArgument {
  std::string_view name;
  std::string_view default_value;
  std::string_view about;
  std::array<std::string_view, 3> choices{};  // the first ones that are not empty; none: any value
};
std::span<const LaunchArgument> launch_arguments();
// Returns "A, B, C"; empty for an argument without choices.
std::string choices_text(const LaunchArgument& argument);

// A node of one of our ROS 2 packages, with its command line.
struct NodeStart {
  std::string package;
  std::string executable;
  std::vector<std::string> arguments;
};

struct LaunchPlan {
  std::vector<NodeStart> nodes;                      // the manager last
  bool ends_with_manager = false;                    // when the manager has finished, the others are stopped
  std::chrono::duration<double> sigterm_timeout{0};  // from SIGINT to SIGTERM
  std::chrono::duration<double> sigkill_timeout{0};  // from SIGTERM to SIGKILL
};

// Reads arguments of the form NAME:=VALUE; if a name is repeated, the last value counts, as for `ros2 launch`. Throws
// Error kInvalidArgument for an unknown name or an invalid value.
LaunchPlan plan_launch(const std::vector<std::string>& arguments);

}  // namespace clipseek::cli

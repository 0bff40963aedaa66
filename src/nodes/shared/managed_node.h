// The lifecycle of a node in service mode. Without ROS 2's lifecycle tools it starts by itself, so that hobot_clip's
// commands work as they are.
#pragma once

#include <functional>

#include "nodes/shared/parameter_block.h"
#include "ros2/lifecycle.h"

namespace clipseek::nodes {

// What a node does in its transitions. Each function may throw. deactivate() and cleanup() do nothing if there is
// nothing to end; both are also called after an exception and for a shutdown.
struct NodeParts {
  std::function<void()> configure;   // opens what the node needs
  std::function<void()> activate;    // begins the node's work
  std::function<void()> deactivate;  // ends it
  std::function<void()> cleanup;     // closes what configure() has opened
};

// Declares the parameter `autostart` and returns its value.
bool declare_autostart(ParameterBlock& block);

class ManagedNode {
 public:
  // `node` and what the parts use must outlive this object.
  ManagedNode(ros2::Node& node, const NodeParts& parts);

  // Configures and activates the node. Throws what the parts throw and does not log it; what they throw in transitions
  // that other programs request is logged.
  void start();

  ros2::LifecycleState state() const { return lifecycle_.state(); }

 private:
  ros2::Lifecycle lifecycle_;
};

}  // namespace clipseek::nodes

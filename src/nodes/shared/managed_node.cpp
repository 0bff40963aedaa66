#include "nodes/shared/managed_node.h"

#include <utility>

namespace clipseek::nodes {

bool declare_autostart(ParameterBlock& block) {
  return block.declare("autostart", true,
                       "in service mode, true: start at once, false: wait for the lifecycle's configure and activate");
}

ManagedNode::ManagedNode(ros2::Node& node, NodeParts parts)
    : parts_(std::move(parts)),
      lifecycle_(node, {.on_configure = [this](ros2::LifecycleState) { return run(parts_.configure); },
                        .on_activate = [this](ros2::LifecycleState) { return run(parts_.activate); },
                        .on_deactivate = [this](ros2::LifecycleState) { return run(parts_.deactivate); },
                        .on_cleanup = [this](ros2::LifecycleState) { return run(parts_.cleanup); },
                        .on_shutdown = [this](ros2::LifecycleState) { return end(); },
                        .on_error = [this](ros2::LifecycleState) { return end(); }}) {}

void ManagedNode::start() {
  if (lifecycle_.trigger_or_throw("configure")) lifecycle_.trigger_or_throw("activate");
}

bool ManagedNode::run(const std::function<void()>& part) {
  part();
  return true;
}

bool ManagedNode::end() {
  return run(parts_.deactivate) && run(parts_.cleanup);
}

}  // namespace clipseek::nodes

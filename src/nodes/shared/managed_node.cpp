#include "nodes/shared/managed_node.h"

#include <utility>

namespace clipseek::nodes {
namespace {

using Callback = ros2::LifecycleCallbacks::Callback;

// A part succeeds if it does not throw.
Callback callback_of(std::function<void()> part) {
  return [part = std::move(part)](ros2::LifecycleState) {
    part();
    return true;
  };
}

ros2::LifecycleCallbacks callbacks_of(const NodeParts& parts) {
  const Callback end = callback_of([parts] {
    parts.deactivate();
    parts.cleanup();
  });
  return {.on_configure = callback_of(parts.configure),
          .on_activate = callback_of(parts.activate),
          .on_deactivate = callback_of(parts.deactivate),
          .on_cleanup = callback_of(parts.cleanup),
          .on_shutdown = end,
          .on_error = end};
}

}  // namespace

bool declare_autostart(ParameterBlock& block) {
  return block.declare("autostart", true,
                       "in service mode, true: start at once, false: wait for the lifecycle's configure and activate");
}

ManagedNode::ManagedNode(ros2::Node& node, const NodeParts& parts) : lifecycle_(node, callbacks_of(parts)) {}

void ManagedNode::start() {
  if (lifecycle_.trigger_or_throw("configure")) lifecycle_.trigger_or_throw("activate");
}

}  // namespace clipseek::nodes

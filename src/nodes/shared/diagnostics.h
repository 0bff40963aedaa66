// Parts of /diagnostics that several nodes have.
#pragma once

#include <memory>
#include <string>

#include "clipseek/model.h"
#include "nodes/shared/goal_meter.h"
#include "ros2/lifecycle_state.h"
#include "ros2/msg/diagnostic_msgs.h"

namespace clipseek::nodes {

// A number with one decimal.
std::string number_text(double value);

// The part "node": the state of its lifecycle and its model, a null pointer while there is none. A warning unless the
// node is active, an error if it is finalized.
ros2::DiagnosticStatus node_diagnostics(ros2::LifecycleState state, const EncoderInfo* model);
// The same for a node that has the model itself, with its precision.
ros2::DiagnosticStatus node_diagnostics(ros2::LifecycleState state, const std::unique_ptr<Model>& model);

// The part "goals" of an encoder node: the goals and items so far, and the rate of the last second.
ros2::DiagnosticStatus goal_diagnostics(const GoalStatus& status);

}  // namespace clipseek::nodes

// Parts of /diagnostics that several nodes have.
#pragma once

#include <string>
#include <string_view>

#include "clipseek/model.h"
#include "ros2/msg/diagnostic_msgs.h"

namespace clipseek::nodes {

// A number with one decimal.
std::string number_text(double value);

// The part "node": the state of its lifecycle and its model, a null pointer while there is none.
ros2::DiagnosticStatus node_diagnostics(std::string_view state, const Model* model);

}  // namespace clipseek::nodes

// The common main() of the nodes.
#pragma once

#include <functional>
#include <ostream>

#include "ros2/node.h"

namespace clipseek::nodes {

using NodeFunction = int (*)(const ros2::Participant&, const ros2::Arguments&, const base::StopSignal&);

// Parses the ROS arguments, creates the participant and runs a node. Returns the exit status. An Error is written to
// `errors` as a line in ROS's log format with the program's name, and the exit status is that of error_info().
int run_node_program(int argc, const char* const* argv, const char* program, NodeFunction run, std::ostream& errors);

}  // namespace clipseek::nodes

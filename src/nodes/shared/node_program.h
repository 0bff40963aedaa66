// What the mains of the nodes share.
#pragma once

#include <functional>
#include <ostream>

#include "ros2/node.h"

namespace clipseek::nodes {

using NodeFunction = int (*)(const ros2::Participant&, const ros2::Arguments&, const base::StopSignal&);

// Reads ROS's arguments, joins the network and runs a node. Returns the exit status. An Error becomes a line on
// `errors`, in the format of ROS's log under the program's name, and the exit status of error_info().
int run_node_program(int argc, const char* const* argv, const char* program, NodeFunction run, std::ostream& errors);

}  // namespace clipseek::nodes

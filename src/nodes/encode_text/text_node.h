// The text encoder node, whole: what its main runs. docs/nodes.md has its parameters.
#pragma once

#include "ros2/node.h"

namespace clipseek::nodes {

// Node "clip_encode_text_node". Returns the exit status when the local work is done or a stop is requested. Throws
// Error.
int run_text_node(const ros2::Participant& participant, const ros2::Arguments& arguments, const base::StopSignal& stop);

}  // namespace clipseek::nodes

// The text encoder node, as run by its main(). docs/nodes.md lists its parameters.
#pragma once

#include "ros2/node.h"

namespace clipseek::nodes {

// Runs the node "clip_encode_text_node". Returns the exit status when the local texts are encoded or a stop is
// requested. Throws Error.
int run_text_node(const ros2::Participant& participant, const ros2::Arguments& arguments, const base::StopSignal& stop);

}  // namespace clipseek::nodes

// The node that stores and finds pictures with the features of the encoder nodes, whole: what its main runs.
// docs/nodes.md has its parameters.
#pragma once

#include "ros2/node.h"

namespace clipseek::nodes {

// Node "ClipNode", with "image_action_client" and "text_action_client". Returns the exit status when the work is done
// or, in serve mode, a stop is requested. Throws Error.
int run_manage_node(const ros2::Participant& participant, const ros2::Arguments& arguments,
                    const base::StopSignal& stop);

}  // namespace clipseek::nodes

// The node that stores and finds pictures with the features of the encoder nodes, as run by its main(). docs/nodes.md
// lists its parameters.
#pragma once

#include "ros2/node.h"

namespace clipseek::nodes {

// Runs the node "ClipNode", with "image_action_client" and "text_action_client". Returns the exit status when the
// folder is stored or the query answered; in serve mode, when a stop is requested. Throws Error.
int run_manage_node(const ros2::Participant& participant, const ros2::Arguments& arguments,
                    const base::StopSignal& stop);

}  // namespace clipseek::nodes

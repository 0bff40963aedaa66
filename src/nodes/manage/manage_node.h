// The node that stores and finds pictures with the features of the encoder nodes, as run by its main(). docs/nodes.md
// lists its parameters.
#pragma once

#include "nodes/shared/node_program.h"

namespace clipseek::nodes {

// Its run() runs the node "ClipNode", with "image_action_client" and "text_action_client". It returns the exit status
// when the folder is stored or the query answered; in serve mode, when a stop is requested. It throws Error.
NodeProgram manage_program();

}  // namespace clipseek::nodes

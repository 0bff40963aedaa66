// The text encoder node, as run by its main(). docs/nodes.md lists its parameters.
#pragma once

#include "nodes/shared/node_program.h"

namespace clipseek::nodes {

// Its run() runs the node "clip_encode_text_node". It returns the exit status when the local texts are encoded or a
// stop is requested. It throws Error.
NodeProgram text_program();

}  // namespace clipseek::nodes

// The image encoder node, as run by its main(). docs/nodes.md lists its parameters.
#pragma once

#include "nodes/shared/node_program.h"

namespace clipseek::nodes {

// Its run() runs the node "ClipImageNode" and, in service mode, also "encode_image_server". It returns the exit status
// when the local picture is encoded or a stop is requested. It throws Error.
NodeProgram image_program();

}  // namespace clipseek::nodes

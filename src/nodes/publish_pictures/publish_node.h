// A node that publishes picture files like a camera, for trying the image encoder node, as run by its main().
// docs/nodes.md lists its parameters.
#pragma once

#include "nodes/shared/node_program.h"

namespace clipseek::nodes {

// Its run() runs the node "clip_publish_pictures". It returns the exit status when all pictures are published or a stop
// is requested. It throws Error.
NodeProgram publish_program();

}  // namespace clipseek::nodes

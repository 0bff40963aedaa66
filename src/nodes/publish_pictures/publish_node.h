// A node that publishes picture files like a camera, for trying the image encoder node, as run by its main().
// docs/nodes.md lists its parameters.
#pragma once

#include "ros2/node.h"

namespace clipseek::nodes {

// Runs the node "clip_publish_pictures". Returns the exit status when all pictures are published or a stop is
// requested. Throws Error.
int run_publish_node(const ros2::Participant& participant, const ros2::Arguments& arguments,
                     const base::StopSignal& stop);

}  // namespace clipseek::nodes

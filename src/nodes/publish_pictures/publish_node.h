// A camera made of picture files, to try the image encoder node with: what its main runs. docs/nodes.md has its
// parameters.
#pragma once

#include "ros2/node.h"

namespace clipseek::nodes {

// Node "clip_publish_pictures". Returns the exit status when a stop is requested. Throws Error.
int run_publish_node(const ros2::Participant& participant, const ros2::Arguments& arguments,
                     const base::StopSignal& stop);

}  // namespace clipseek::nodes

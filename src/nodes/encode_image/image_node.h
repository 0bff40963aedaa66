// The image encoder node, as run by its main(). docs/nodes.md lists its parameters.
#pragma once

#include "ros2/node.h"

namespace clipseek::nodes {

// Runs the node "ClipImageNode" and, in service mode, also "encode_image_server". Returns the exit status when the
// local picture is encoded or a stop is requested. Throws Error.
int run_image_node(const ros2::Participant& participant, const ros2::Arguments& arguments,
                   const base::StopSignal& stop);

}  // namespace clipseek::nodes

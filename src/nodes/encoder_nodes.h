// The two encoder nodes, and a camera made of files to try them with: what their mains run. docs/nodes.md has their
// parameters.
#pragma once

#include "ros2/node.h"

namespace clipseek::nodes {

// Node "ClipImageNode" and, in service mode, "encode_image_server". Returns the exit status when the local work is
// done or a stop is requested. Throws Error.
int run_image_node(const ros2::Participant& participant, const ros2::Arguments& arguments,
                   const ros2::StopSignal& stop);

// Node "clip_encode_text_node".
int run_text_node(const ros2::Participant& participant, const ros2::Arguments& arguments, const ros2::StopSignal& stop);

// Node "clip_publish_pictures".
int run_publish_node(const ros2::Participant& participant, const ros2::Arguments& arguments,
                     const ros2::StopSignal& stop);

}  // namespace clipseek::nodes

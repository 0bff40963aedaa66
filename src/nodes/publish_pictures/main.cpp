// The node that publishes a folder's pictures as a camera does.
#include <iostream>

#include "nodes/encoder_nodes.h"
#include "nodes/node_program.h"

int main(int argc, char** argv) {
  return clipseek::nodes::run_node_program(argc, argv, "clip_publish_pictures", clipseek::nodes::run_publish_node,
                                           std::cerr);
}

// The node that encodes pictures.
#include <iostream>

#include "nodes/encode_image/image_node.h"
#include "nodes/shared/node_program.h"

int main(int argc, char** argv) {
  return clipseek::nodes::run_node_program(argc, argv, clipseek::nodes::image_program(), std::cout, std::cerr);
}

// The node that encodes sentences.
#include <iostream>

#include "nodes/encoder_nodes.h"
#include "nodes/node_program.h"

int main(int argc, char** argv) {
  return clipseek::nodes::run_node_program(argc, argv, "clip_encode_text_node", clipseek::nodes::run_text_node,
                                           std::cerr);
}

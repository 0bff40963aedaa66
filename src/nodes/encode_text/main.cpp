// The node that encodes sentences.
#include <iostream>

#include "nodes/encode_text/text_node.h"
#include "nodes/shared/node_program.h"

int main(int argc, char** argv) {
  return clipseek::nodes::run_node_program(argc, argv, "clip_encode_text_node", clipseek::nodes::run_text_node,
                                           std::cerr);
}

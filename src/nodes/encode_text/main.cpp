// The node that encodes sentences.
#include <iostream>

#include "nodes/encode_text/text_node.h"
#include "nodes/shared/node_program.h"

int main(int argc, char** argv) {
  return clipseek::nodes::run_node_program(argc, argv, clipseek::nodes::text_program(), std::cout, std::cerr);
}

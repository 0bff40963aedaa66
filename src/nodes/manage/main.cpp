// The node that stores and finds pictures.
#include <iostream>

#include "nodes/manage/manage_node.h"
#include "nodes/shared/node_program.h"

int main(int argc, char** argv) {
  return clipseek::nodes::run_node_program(argc, argv, clipseek::nodes::manage_program(), std::cout, std::cerr);
}

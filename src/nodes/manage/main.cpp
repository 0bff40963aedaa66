// The node that stores and finds pictures.
#include <iostream>

#include "nodes/manage/manage_node.h"
#include "nodes/shared/node_program.h"

int main(int argc, char** argv) {
  return clipseek::nodes::run_node_program(argc, argv, "clip_manage", clipseek::nodes::run_manage_node, std::cerr);
}

// The node that publishes the pictures of a folder like a camera.
#include <chrono>
#include <cstdlib>
#include <iostream>

#include "nodes/publish_pictures/publish_node.h"
#include "nodes/shared/node_program.h"

int main(int argc, char** argv) {
  const clipseek::nodes::StopLimit limit{std::chrono::milliseconds(1500), [] { std::_Exit(0); }};
  return clipseek::nodes::run_node_program(argc, argv, clipseek::nodes::publish_program(), std::cout, std::cerr, limit);
}

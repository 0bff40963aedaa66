// The common main() of the nodes.
#pragma once

#include <chrono>
#include <ostream>

#include "ros2/node.h"

namespace clipseek::nodes {

struct NodeProgram {
  const char* name;     // of the program; a node may have another name
  const char* summary;  // what the node does, for --help
  void (*declare)(ros2::Parameters& parameters);
  int (*run)(const ros2::Participant& participant, const ros2::Arguments& arguments, const base::StopSignal& stop);
};

// For programs whose writes DDS may block for minutes: `end` is called `time` after a stop was requested if the program
// has not returned by then, because run() has not returned or the participant has not left the graph. It ends the
// process.
struct StopLimit {
  std::chrono::milliseconds time{0};  // 0: no limit
  void (*end)() = nullptr;
};

// Parses the ROS arguments, creates the participant and runs a node. Returns the exit status. An Error is written to
// `errors` as a line in ROS's log format with the program's name, and the exit status is that of error_info(). With
// --help or --version, only writes to `out`.
int run_node_program(int argc, const char* const* argv, const NodeProgram& program, std::ostream& out,
                     std::ostream& errors, const StopLimit& limit = {});

}  // namespace clipseek::nodes

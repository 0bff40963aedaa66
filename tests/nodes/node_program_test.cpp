// How the program of a node ends.
#include "nodes/shared/node_program.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "../ros2/support.h"

namespace clipseek::nodes {
namespace {

void declare_nothing(ros2::Parameters&) {}

// Returns the exit status of a program that gets SIGINT while DDS does not return from a call.
int run_blocked_program() {
  const NodeProgram program{"blocked", "never returns", declare_nothing,
                            [](const ros2::Participant&, const ros2::Arguments&, const base::StopSignal&) {
                              kill(getpid(), SIGINT);
                              for (;;) pause();
                              return 1;
                            }};
  const char* argv[] = {"blocked"};
  return run_node_program(1, argv, program, std::cout, std::cerr,
                          {std::chrono::milliseconds(100), [] { std::_Exit(0); }});
}

TEST(NodeProgram, EndsAfterItsLimitWhenACallDoesNotReturn) {
  ros2::take_domain();
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(std::exit(run_blocked_program()), testing::ExitedWithCode(0), "ends without leaving the ROS graph");
}

}  // namespace
}  // namespace clipseek::nodes

// The program behind `clipseek ask`: sends one goal to the action clip_search of clip_manage and prints the answer.
#pragma once

#include "cli/console.h"

namespace clipseek::ask {

// The words are those of cli::ask_words(); ROS arguments are read too. Returns the exit status. An Error is printed to
// console.err. SIGINT and SIGTERM cancel the goal.
int run_ask_program(int argc, const char* const* argv, const cli::Console& console);

}  // namespace clipseek::ask

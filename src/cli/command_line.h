// The command line: which subcommand, with which arguments. CLI11, which takes seconds to compile, stays inside
// command_line.cpp.
#pragma once

#include <functional>

#include "cli/console.h"

namespace clipseek::cli {

using Command = std::function<int(const Console&)>;

// The command that the arguments ask for, ready to run; help and version are commands too. Reads $CLIPSEEK_DB. Throws
// Error kInvalidArgument for a wrong command line.
Command parse_command_line(int argc, const char* const* argv);

}  // namespace clipseek::cli

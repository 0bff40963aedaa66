// Parses the command line. CLI11, which takes seconds to compile, is included only in the files that define commands.
#pragma once

#include <functional>

#include "cli/console.h"

namespace clipseek::cli {

using Command = std::function<int(const Console&)>;

// Returns the command that the arguments select, ready to run; help and version are commands too. Reads $CLIPSEEK_DB.
// Throws Error kInvalidArgument for a wrong command line.
Command parse_command_line(int argc, const char* const* argv);

}  // namespace clipseek::cli

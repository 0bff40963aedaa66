// Shared by command_line.cpp and robot_commands.cpp, which define the commands. Includes CLI11. Internal to them.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/command_line.h"

namespace clipseek::cli {

// A positional that may be repeated. It is read with results(), without allow_extra_args: otherwise CLI11 would split a
// folder named "[a,b]" in two and ignore the text "{}".
CLI::Option* add_positionals(CLI::App* command, const std::string& name, const std::string& what);

// Sets `query` to the only one of `words`. Throws Error kInvalidArgument for several words, and if there is neither a
// query nor an `image`.
void set_query(const std::vector<std::string>& words, const std::string& command, std::string& query,
               const std::string& image);

// Add the commands that need the ROS 2 nodes. The chosen one is put into `chosen`.
void add_launch(CLI::App& app, Command& chosen);
void add_ask(CLI::App& app, Command& chosen);

}  // namespace clipseek::cli

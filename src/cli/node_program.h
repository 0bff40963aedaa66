// Finds the programs that speak ROS 2: the command itself does not, so that it needs no Fast DDS.
#pragma once

#include <filesystem>
#include <string>

namespace clipseek::cli {

// Returns the program `executable` of our ROS 2 package `package`: beside clipseek (in a build folder), or in
// lib/PACKAGE beside clipseek's folder (installed). Throws Error kNotFound, whose message says what is missing.
std::filesystem::path find_node_program(const std::string& package, const std::string& executable);

// Returns the remap rule that puts a node into this namespace; the '/' at its beginning may be left out, as in a launch
// file.
std::string namespace_rule(const std::string& name_space);

}  // namespace clipseek::cli

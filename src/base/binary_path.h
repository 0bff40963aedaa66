// Finds the file from which this code was loaded. Files that were installed with it are located relative to it.
#pragma once

#include <filesystem>
#include <optional>

namespace clipseek::base {

// Returns the file that contains this code, with links resolved: libclipseek.so in a program that uses the shared
// library, else the program itself. Returns nullopt if the system does not report it. Any thread.
std::optional<std::filesystem::path> binary_path();

}  // namespace clipseek::base

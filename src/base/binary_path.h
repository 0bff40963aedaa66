// Where this code was loaded from, which tells where the files lie that were installed with it.
#pragma once

#include <filesystem>
#include <optional>

namespace clipseek::base {

// The file that holds this code, with links resolved: libclipseek.so in a program that uses the shared library, else
// the program itself. nullopt where the system does not tell. Any thread.
std::optional<std::filesystem::path> binary_path();

}  // namespace clipseek::base

// The type of the file at a path, and whether there is one.
#pragma once

#include <filesystem>

namespace clipseek::base {

// Returns the type of the file at `path`, with symbolic links followed; `not_found` only where the file certainly does
// not exist. Throws Error where that cannot be determined (below a folder that may not be entered), so that an
// inaccessible file is never treated as a missing one.
std::filesystem::file_type file_type_at(const std::filesystem::path& path);

// Returns whether there is a file of any type at `path`. Throws as file_type_at().
bool file_exists(const std::filesystem::path& path);

}  // namespace clipseek::base

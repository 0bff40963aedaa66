// What is at a path, and the Error of what std::filesystem could not do.
#pragma once

#include <filesystem>

#include "base/error.h"

namespace clipseek {

// Links followed; `not_found` where there is certainly nothing. Throws Error where it cannot be told (below a folder
// that may not be entered): what may not be seen must not be taken for missing.
std::filesystem::file_type file_type_at(const std::filesystem::path& path);

// For the edges: "cannot reach a/b.jpg: Permission denied".
Error system_error(const std::filesystem::filesystem_error& error);

}  // namespace clipseek

// What is at a path.
#pragma once

#include <filesystem>

namespace clipseek::base {

// Links followed; `not_found` where there is certainly nothing. Throws Error where it cannot be told (below a folder
// that may not be entered): what may not be seen must not be taken for missing.
std::filesystem::file_type file_type_at(const std::filesystem::path& path);

}  // namespace clipseek::base

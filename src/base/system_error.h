// The Error for a call of the operating system that failed.
#pragma once

#include <filesystem>
#include <string_view>

#include "clipseek/error.h"

namespace clipseek::base {

// The Error for a failed system call on `path`, from errno: "cannot open a/b.jpg: Permission denied".
Error system_error(std::string_view action, std::string_view path, int error_number);

// The Error for what std::filesystem could not do: "cannot reach a/b.jpg: Permission denied".
Error system_error(const std::filesystem::filesystem_error& error);

}  // namespace clipseek::base

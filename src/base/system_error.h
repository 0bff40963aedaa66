// Errors for failed system calls.
#pragma once

#include <filesystem>
#include <string_view>

#include "clipseek/error.h"

namespace clipseek::base {

// Returns the Error for a system call that failed on `path` with `error_number` (an errno value): "cannot open a/b.jpg:
// Permission denied".
Error system_error(std::string_view action, std::string_view path, int error_number);

// Returns the Error for an exception of std::filesystem: "cannot access a/b.jpg: Permission denied".
Error system_error(const std::filesystem::filesystem_error& error);

// Returns the exception that is being handled as an Error, for the mains: an Error itself, one of std::filesystem as
// above, std::bad_alloc as kLimitExceeded, and any other as kInternal. Call it in a catch block.
Error current_error();

}  // namespace clipseek::base

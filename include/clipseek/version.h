// The version of clipseek. While the major number is 0, a new minor number may change the interface; afterwards only a
// new major number does. docs/install.md says what that means for a program that links libclipseek.
#pragma once

#include <string_view>

#include "clipseek/export.h"

// The version of these headers, for the preprocessor.
#define CLIPSEEK_VERSION_MAJOR 0
#define CLIPSEEK_VERSION_MINOR 1
#define CLIPSEEK_VERSION_PATCH 0

namespace clipseek {

// The version of the library that the program runs with, as "0.1.0". The text is static. Any thread.
CLIPSEEK_API std::string_view version();

}  // namespace clipseek

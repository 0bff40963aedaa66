// Writes features to files.
#pragma once

#include <filesystem>
#include <string_view>

#include "clipseek/encoder.h"

namespace clipseek::nodes {

// A file name such as "0_a_diagram.bin": the index, then at most 50 characters of the text, where every character
// except ASCII letters, digits and '-' becomes '_'. It never has a path separator and never begins with a dot.
std::filesystem::path dump_file_name(std::size_t index, std::string_view text);

// Writes the feature as little-endian 32-bit floats. Throws Error with the file's name.
void dump_feature(const std::filesystem::path& file, const Embedding& embedding);

}  // namespace clipseek::nodes

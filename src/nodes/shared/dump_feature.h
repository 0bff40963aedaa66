// Features as files.
#pragma once

#include <filesystem>
#include <string_view>

#include "clipseek/encoder.h"

namespace clipseek::nodes {

// "0_a_diagram.bin": the place in the list and the letters and digits of the text, at most 50, the rest as "_". Never a
// path, never hidden.
std::filesystem::path dump_file_name(std::size_t index, std::string_view text);

// Writes little-endian 32-bit floats, nothing else. Throws Error naming the file.
void dump_feature(const std::filesystem::path& file, const Embedding& embedding);

}  // namespace clipseek::nodes

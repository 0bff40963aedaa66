// An embedding as a line of text.
#pragma once

#include <string>

#include "clipseek/encoder.h"

namespace clipseek::nodes {

// Returns "512 numbers, length 1.000000: 0.0123 -0.0456 ...", as the local mode of the encoder nodes prints it.
std::string summary(const Embedding& embedding);

}  // namespace clipseek::nodes

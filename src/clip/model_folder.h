// Finding a model's folder.
#pragma once

#include <filesystem>
#include <string>

namespace clipseek::clip {

// The folder that `model` (what --model was given; may be empty) means: a folder's path, or the name of a model that
// came with clipseek. Empty: $CLIPSEEK_MODEL, and where that is not set the bundled tiny model. Throws Error kNotFound
// naming what was looked for, where, and which names there are.
std::filesystem::path find_model(const std::string& model);

}  // namespace clipseek::clip

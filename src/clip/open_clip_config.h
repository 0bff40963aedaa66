// Reads open_clip_config.json.
#pragma once

#include <filesystem>

#include "clip/model_config.h"

namespace clipseek::clip {

// Reads the folder of an open_clip repository with native ViT towers (`model_cfg`, `preprocess_cfg`), whose weights are
// in open_clip_model.safetensors.
ModelConfig read_open_clip_config(const std::filesystem::path& folder);

}  // namespace clipseek::clip

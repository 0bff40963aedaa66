// Reads config.json and preprocessor_config.json of Hugging Face folders.
#pragma once

#include "clip/config_section.h"
#include "clip/model_config.h"

namespace clipseek::clip {

// Reads folders of CLIPModel, SiglipModel and ChineseCLIPModel; `config` is the parsed config.json.
ModelConfig read_hugging_face_config(const std::filesystem::path& folder, const base::Json& config);

}  // namespace clipseek::clip

// Identifies the model that computed a vector.
#pragma once

#include <string>
#include <string_view>

#include "clip/model_config.h"
#include "nn/safetensors.h"

namespace clipseek::clip {

// Returns 32 hex digits that differ between models whose embeddings differ: a hash of everything that determines an
// embedding (docs/formats.md, "Model fingerprint"). Only the two ends of each tensor are hashed, so that opening a
// model does not read gigabytes: the fingerprint distinguishes models, but it is not a checksum of the file.
std::string model_fingerprint(const ModelConfig& config, const nn::SafetensorsFile& weights,
                              std::string_view vocabulary);

}  // namespace clipseek::clip

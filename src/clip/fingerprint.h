// Which model made a vector.
#pragma once

#include <string>
#include <string_view>

#include "clip/model_config.h"
#include "nn/safetensors.h"

namespace clipseek::clip {

// 32 hex digits that differ between models whose embeddings differ: a hash over everything that decides an embedding
// (docs/formats.md, "Model fingerprint"). Of the weights only the ends of each tensor are read, so that a start does
// not read gigabytes: it tells models apart, it is no checksum of the file.
std::string model_fingerprint(const ModelConfig& config, const nn::SafetensorsFile& weights,
                              std::string_view vocabulary);

}  // namespace clipseek::clip

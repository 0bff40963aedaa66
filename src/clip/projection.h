// The last steps of a tower: its feature to the shared space, and to length 1.
#pragma once

#include <filesystem>
#include <optional>

#include "clip/checkpoint.h"
#include "clipseek/encoder.h"
#include "nn/linear.h"

namespace clipseek::clip {

// In f32 at either precision: it is a thousandth of the work and ends in the result. None where the tower has none.
std::optional<nn::Linear> make_projection(const std::optional<ProjectionTensors>& tensors, int width, int outputs);

// Throws Error kCorrupt naming `weights`, the model's file, for a vector that has no direction: NaN, infinity, all
// zeros.
void to_unit_length(Embedding& embedding, const std::filesystem::path& weights);

}  // namespace clipseek::clip

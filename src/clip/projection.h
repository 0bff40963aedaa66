// The last steps of a tower: the projection of its feature to the shared space, and the scaling to length 1.
#pragma once

#include <filesystem>
#include <optional>

#include "clip/checkpoint.h"
#include "clipseek/encoder.h"
#include "nn/linear.h"

namespace clipseek::clip {

// Returns the projection, std::nullopt where the tower has none. It is f32 for either precision, because it is a
// thousandth of the work and its error goes directly into the result.
std::optional<nn::Linear> make_projection(const std::optional<ProjectionTensors>& tensors, int width, int outputs);

// Scales `embedding` to length 1. Throws Error kCorrupt naming `weights`, the model's file, for a vector without a
// direction: NaN, infinity or all zeros.
void to_unit_length(Embedding& embedding, const std::filesystem::path& weights);

}  // namespace clipseek::clip

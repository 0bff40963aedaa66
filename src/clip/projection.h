// The last step of a tower: its feature to the shared space.
#pragma once

#include <optional>

#include "clip/checkpoint.h"
#include "nn/linear.h"

namespace clipseek {

// In f32 at either precision: it is a thousandth of the work and ends in the result. None where the tower has none.
std::optional<Linear> make_projection(const std::optional<ProjectionTensors>& tensors, int width, int outputs);

}  // namespace clipseek

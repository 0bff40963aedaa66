#include "clip/projection.h"

namespace clipseek {
namespace {

std::vector<float> transpose(const std::vector<float>& matrix, std::size_t rows, std::size_t columns) {
  std::vector<float> result(matrix.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) result[c * rows + r] = matrix[r * columns + c];
  }
  return result;
}

}  // namespace

std::optional<Linear> make_projection(const std::optional<ProjectionTensors>& tensors, int width, int outputs) {
  if (!tensors) return std::nullopt;
  std::vector<float> weight = to_f32(tensors->weight);
  if (tensors->transposed) {
    weight = transpose(weight, static_cast<std::size_t>(width), static_cast<std::size_t>(outputs));
  }
  std::vector<float> bias = tensors->bias ? to_f32(*tensors->bias) : std::vector<float>{};
  return Linear(weight, bias, width, outputs, {Precision::kF32, Precision::kF32, Activation::kNone, false});
}

}  // namespace clipseek

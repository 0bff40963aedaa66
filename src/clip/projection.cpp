#include "clip/projection.h"

#include <cmath>

#include "clipseek/error.h"
#include "nn/kernels.h"

namespace clipseek::clip {
namespace {

std::vector<float> transpose(const std::vector<float>& matrix, std::size_t rows, std::size_t columns) {
  std::vector<float> result(matrix.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) result[c * rows + r] = matrix[r * columns + c];
  }
  return result;
}

}  // namespace

std::optional<nn::Linear> make_projection(const std::optional<ProjectionTensors>& tensors, int width, int outputs) {
  if (!tensors) return std::nullopt;
  std::vector<float> weight = nn::to_f32(tensors->weight);
  if (tensors->transposed) {
    weight = transpose(weight, static_cast<std::size_t>(width), static_cast<std::size_t>(outputs));
  }
  std::vector<float> bias = tensors->bias ? nn::to_f32(*tensors->bias) : std::vector<float>{};
  return nn::Linear(weight, bias, width, outputs,
                    {nn::Precision::kF32, nn::Precision::kF32, nn::Activation::kNone, false});
}

void to_unit_length(Embedding& embedding, const std::filesystem::path& weights) {
  nn::normalize(embedding);
  float length = 0;  // squared; NaN propagates to it
  for (float value : embedding) length += value * value;
  if (std::abs(length - 1) < 0.01F) return;
  throw Error(ErrorCode::kCorrupt,
              weights.string() + " is damaged: an embedding computed with its weights is zero or not a finite vector");
}

}  // namespace clipseek::clip

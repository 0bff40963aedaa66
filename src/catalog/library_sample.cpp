#include "catalog/library_sample.h"

#include <algorithm>

namespace clipseek::catalog {
namespace {

// A long stream leaves between half of this many rows and all of them. More rows would change the calibration by less
// than one percent.
constexpr std::size_t kMaxRows = 1024;

}  // namespace

void SampleCollector::add(std::int64_t id, std::span<const float> vector) {
  if (sample_.pictures++ % step_ != 0) return;
  sample_.vectors.dimension = vector.size();
  sample_.vectors.ids.push_back(id);
  sample_.vectors.values.insert(sample_.vectors.values.end(), vector.begin(), vector.end());
  if (sample_.vectors.ids.size() == kMaxRows) halve();
}

void SampleCollector::halve() {
  search::VectorMatrix& matrix = sample_.vectors;
  auto length = static_cast<std::ptrdiff_t>(matrix.dimension);
  for (std::size_t row = 0; row < kMaxRows / 2; ++row) {
    matrix.ids[row] = matrix.ids[2 * row];
    auto from = matrix.values.begin() + static_cast<std::ptrdiff_t>(2 * row) * length;
    std::copy(from, from + length, matrix.values.begin() + static_cast<std::ptrdiff_t>(row) * length);
  }
  matrix.ids.resize(kMaxRows / 2);
  matrix.values.resize(kMaxRows / 2 * matrix.dimension);
  step_ *= 2;
}

}  // namespace clipseek::catalog

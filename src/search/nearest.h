// Exact nearest neighbours in a matrix of unit vectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "search/top_k.h"

namespace clipseek {

// Rows of `dimension` numbers, row-major: values.size() == ids.size() * dimension.
struct VectorMatrix {
  std::size_t dimension = 0;
  std::vector<std::int64_t> ids;
  std::vector<float> values;
};

// The `k` rows with the largest dot product with `query` (the cosine, where all have unit length), as TopK::take gives
// them. query.size() == matrix.dimension. Reads every row once; a matrix that is worth it is shared out to `threads`
// threads. Any thread.
std::vector<Scored> nearest(const VectorMatrix& matrix, std::span<const float> query, std::size_t k, int threads);

}  // namespace clipseek

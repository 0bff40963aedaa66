#include "search/dot.h"

#include <bit>

#include "search/dot_kernels.h"

namespace clipseek::search {
namespace {

static_assert(std::endian::native == std::endian::little, "stored vectors are little-endian");

const DotKernels& kernels() {
  static const DotKernels widest = [] {
    if (auto avx512 = avx512_dot_kernels()) return *avx512;
    return avx2_dot_kernels().value_or(any_dot_kernels());
  }();
  return widest;
}

}  // namespace

void dot_rows(std::span<const float> query, const std::byte* rows, std::span<float> scores) {
  kernels().rows(query.data(), rows, query.size(), scores.data(), scores.size());
}

void dot_rows_of_many(std::span<const float* const> queries, std::size_t dimension, const float* rows,
                      std::size_t count, float* scores) {
  kernels().rows_of_many(queries.data(), queries.size(), rows, dimension, scores, count);
}

}  // namespace clipseek::search

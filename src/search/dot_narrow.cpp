#include <algorithm>
#include <cstring>

#include "search/dot_kernels.h"

namespace clipseek::search {
namespace {

// A register of AVX2, and one of the size that every CPU has. GCC 12 keeps vectors that are wider than the CPU's
// registers in memory: with AVX-512 vectors, a CPU that has only AVX2 scored a sixth of the queries in the same time.
using EightFloats [[gnu::vector_size(32)]] = float;
using FourFloats [[gnu::vector_size(16)]] = float;

// Returns the sum of all lanes: adds halves until one lane is left.
[[gnu::always_inline]] inline float sum_lanes(const EightFloats& all) {
  EightFloats lanes = all + CLIPSEEK_SHUFFLE(all, all, 4, 5, 6, 7, 0, 1, 2, 3);
  lanes += CLIPSEEK_SHUFFLE(lanes, lanes, 2, 3, 0, 1, 6, 7, 4, 5);
  return lanes[0] + lanes[1];
}
[[gnu::always_inline]] inline float sum_lanes(const FourFloats& all) {
  FourFloats lanes = all + CLIPSEEK_SHUFFLE(all, all, 2, 3, 0, 1);
  return lanes[0] + lanes[1];
}

// Scores kQueries queries with kRows rows. Each pair has its own sum; together the sums hide the latency of the
// additions and fit into 16 registers. `scores` has a line of `line` numbers for each query. The function is always
// inlined, because it must be compiled for the instructions of its caller.
template <typename Floats, std::size_t kQueries, std::size_t kRows>
[[gnu::always_inline]] inline void dot_tile(const float* const* queries, const std::byte* rows, std::size_t dimension,
                                            float* scores, std::size_t line) {
  constexpr std::size_t kFloats = sizeof(Floats) / sizeof(float);
  Floats sums[kQueries][kRows];
  for (auto& of_query : sums) {
    for (Floats& sum : of_query) sum = Floats{};
  }
  std::size_t i = 0;
  for (; i + kFloats <= dimension; i += kFloats) {
    // Reads the smaller side first and keeps it in registers; otherwise GCC would keep the sums in memory.
    Floats kept[std::min(kQueries, kRows)];
    if constexpr (kQueries < kRows) {
      for (std::size_t q = 0; q < kQueries; ++q) std::memcpy(&kept[q], queries[q] + i, sizeof(Floats));
      for (std::size_t r = 0; r < kRows; ++r) {
        Floats row;
        std::memcpy(&row, rows + (r * dimension + i) * sizeof(float), sizeof(row));
        for (std::size_t q = 0; q < kQueries; ++q) sums[q][r] += kept[q] * row;
      }
    } else {
      for (std::size_t r = 0; r < kRows; ++r) {
        std::memcpy(&kept[r], rows + (r * dimension + i) * sizeof(float), sizeof(Floats));
      }
      for (std::size_t q = 0; q < kQueries; ++q) {
        Floats part;
        std::memcpy(&part, queries[q] + i, sizeof(part));
        for (std::size_t r = 0; r < kRows; ++r) sums[q][r] += part * kept[r];
      }
    }
  }
  if (i < dimension) {  // the remaining numbers, padded with zeros
    for (std::size_t q = 0; q < kQueries; ++q) {
      Floats part{};
      std::memcpy(&part, queries[q] + i, (dimension - i) * sizeof(float));
      for (std::size_t r = 0; r < kRows; ++r) {
        Floats row{};
        std::memcpy(&row, rows + (r * dimension + i) * sizeof(float), (dimension - i) * sizeof(float));
        sums[q][r] += part * row;
      }
    }
  }
  for (std::size_t q = 0; q < kQueries; ++q) {
    for (std::size_t r = 0; r < kRows; ++r) {
      scores[q * line + r] = sum_lanes(sums[q][r]);
    }
  }
}

template <typename Floats>
[[gnu::always_inline]] inline void dot_one(const float* query, const std::byte* rows, std::size_t dimension,
                                           float* scores, std::size_t count) {
  constexpr std::size_t kRows = 8;
  std::size_t i = 0;
  for (; i + kRows <= count; i += kRows) {
    dot_tile<Floats, 1, kRows>(&query, rows + i * dimension * sizeof(float), dimension, scores + i, count);
  }
  for (; i < count; ++i) {
    dot_tile<Floats, 1, 1>(&query, rows + i * dimension * sizeof(float), dimension, scores + i, count);
  }
}

template <typename Floats>
[[gnu::always_inline]] inline void dot_many(const float* const* queries, std::size_t query_count, const float* floats,
                                            std::size_t dimension, float* scores, std::size_t count) {
  constexpr std::size_t kQueries = 4;  // queries that share one read of a row
  constexpr std::size_t kRows = 2;
  const auto* rows = reinterpret_cast<const std::byte*>(floats);
  std::size_t q = 0;
  for (; q + kQueries <= query_count; q += kQueries) {
    std::size_t i = 0;
    for (; i + kRows <= count; i += kRows) {
      dot_tile<Floats, kQueries, kRows>(queries + q, rows + i * dimension * sizeof(float), dimension,
                                        scores + q * count + i, count);
    }
    for (; i < count; ++i) {
      dot_tile<Floats, kQueries, 1>(queries + q, rows + i * dimension * sizeof(float), dimension,
                                    scores + q * count + i, count);
    }
  }
  for (; q < query_count; ++q) dot_one<Floats>(queries[q], rows, dimension, scores + q * count, count);
}

void dot_rows_any(const float* query, const std::byte* rows, std::size_t dimension, float* scores, std::size_t count) {
  dot_one<FourFloats>(query, rows, dimension, scores, count);
}

void dot_rows_of_many_any(const float* const* queries, std::size_t query_count, const float* rows,
                          std::size_t dimension, float* scores, std::size_t count) {
  dot_many<FourFloats>(queries, query_count, rows, dimension, scores, count);
}

#if defined(__x86_64__)
#define CLIPSEEK_AVX2 __attribute__((target("avx2,fma")))

CLIPSEEK_AVX2 void dot_rows_avx2(const float* query, const std::byte* rows, std::size_t dimension, float* scores,
                                 std::size_t count) {
  dot_one<EightFloats>(query, rows, dimension, scores, count);
}

CLIPSEEK_AVX2 void dot_rows_of_many_avx2(const float* const* queries, std::size_t query_count, const float* rows,
                                         std::size_t dimension, float* scores, std::size_t count) {
  dot_many<EightFloats>(queries, query_count, rows, dimension, scores, count);
}
#endif

}  // namespace

std::optional<DotKernels> avx2_dot_kernels() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return DotKernels{dot_rows_avx2, dot_rows_of_many_avx2};
  }
#endif
  return std::nullopt;
}

DotKernels any_dot_kernels() {
  return {dot_rows_any, dot_rows_of_many_any};
}

}  // namespace clipseek::search

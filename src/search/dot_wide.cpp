#include "search/dot_kernels.h"

#if defined(__x86_64__)

#include <array>
#include <cstring>
#include <span>

#include "base/avx512.h"

namespace clipseek::search {
namespace {

// GCC's and Clang's portable vector type: one AVX-512 register. A plain loop over an array of sums vectorises too, but
// GCC 12 then keeps the sums in memory, which costs two thirds of the speed.
using Floats [[gnu::vector_size(64)]] = float;
constexpr std::size_t kFloats = sizeof(Floats) / sizeof(float);
static_assert(kFloats == 16, "sum_lanes is written for 16 lanes");

// The number of independent sums. They hide the latency of the additions, which strict IEEE arithmetic would otherwise
// execute one after the other.
constexpr std::size_t kSums = 2;
constexpr std::size_t kLanes = kSums * kFloats;

// Returns the sum of all lanes: adds halves until one lane is left.
[[gnu::always_inline]] inline float sum_lanes(const Floats& all) {
  Floats lanes = all;
  lanes += CLIPSEEK_SHUFFLE(lanes, lanes, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  lanes += CLIPSEEK_SHUFFLE(lanes, lanes, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  lanes += CLIPSEEK_SHUFFLE(lanes, lanes, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  lanes += CLIPSEEK_SHUFFLE(lanes, lanes, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  return lanes[0];
}

// Adds the rest of a row after its last whole lanes, and returns the sum of all lanes.
[[gnu::always_inline]] inline float finish_row(const Floats& total, const float* query, const std::byte* row,
                                               std::size_t i, std::size_t dimension) {
  if (i == dimension) return sum_lanes(total);
  Floats lanes = total;
  for (std::size_t lane = 0; i < dimension; ++i, ++lane) {
    float value;
    std::memcpy(&value, row + i * sizeof(float), sizeof(value));
    lanes[lane % kFloats] += query[i] * value;
  }
  return sum_lanes(lanes);
}

// Like the other helpers here, it is always inlined, because it must be compiled for the instructions of its caller.
[[gnu::always_inline]] inline float dot_row(const float* query, const std::byte* row, std::size_t dimension) {
  std::array<Floats, kSums> sums{};
  std::size_t i = 0;
  for (; i + kLanes <= dimension; i += kLanes) {
    for (std::size_t j = 0; j < kSums; ++j) {
      Floats a;
      Floats b;
      std::memcpy(&a, query + i + j * kFloats, sizeof(a));
      std::memcpy(&b, row + (i + j * kFloats) * sizeof(float), sizeof(b));
      sums[j] += a * b;
    }
  }
  return finish_row(sums[0] + sums[1], query, row, i, dimension);
}

// The number of queries that share one read of a row: two sums for each of them and of two rows fill 16 registers.
constexpr std::size_t kQueries = 4;
constexpr std::size_t kRows = 2;

// Writes the sums of the lanes of eight vectors to every second lane of `result`. They equal those of sum_lanes bit for
// bit: the same additions are done for all eight at once.
[[gnu::always_inline]] inline void sum_lanes_of_eight(const std::array<Floats, 8>& all, Floats& result) {
  std::array<Floats, 4> halves;
  for (std::size_t i = 0; i < halves.size(); ++i) {
    const Floats& a = all[2 * i];
    const Floats& b = all[2 * i + 1];
    halves[i] = CLIPSEEK_SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
                CLIPSEEK_SHUFFLE(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  }
  std::array<Floats, 2> quarters;
  for (std::size_t i = 0; i < quarters.size(); ++i) {
    const Floats& a = halves[2 * i];
    const Floats& b = halves[2 * i + 1];
    quarters[i] = CLIPSEEK_SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
                  CLIPSEEK_SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  }
  const Floats& a = quarters[0];
  const Floats& b = quarters[1];
  Floats pairs = CLIPSEEK_SHUFFLE(a, b, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29) +
                 CLIPSEEK_SHUFFLE(a, b, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31);
  result = pairs + CLIPSEEK_SHUFFLE(pairs, pairs, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
}

// Scores kQueries queries with kRows rows. `scores` has kQueries lines of `line` numbers.
[[gnu::always_inline]] inline void dot_tile(const float* const* queries, const float* rows, std::size_t dimension,
                                            float* scores, std::size_t line) {
  std::array<std::array<std::array<Floats, kSums>, kRows>, kQueries> sums;
  // With {} above, GCC 12 also clears memory that is never read, which costs a tenth of the time.
  for (auto& of_query : sums) {
    for (auto& of_row : of_query) of_row = {};
  }
  std::size_t i = 0;
  for (; i + kLanes <= dimension; i += kLanes) {
    std::array<std::array<Floats, kSums>, kRows> row;
    for (std::size_t r = 0; r < kRows; ++r) {
      for (std::size_t j = 0; j < kSums; ++j) {
        std::memcpy(&row[r][j], rows + r * dimension + i + j * kFloats, sizeof(Floats));
      }
    }
    for (std::size_t q = 0; q < kQueries; ++q) {
      for (std::size_t j = 0; j < kSums; ++j) {
        Floats part;
        std::memcpy(&part, queries[q] + i + j * kFloats, sizeof(part));
        for (std::size_t r = 0; r < kRows; ++r) sums[q][r][j] += part * row[r][j];
      }
    }
  }
  if (i == dimension) {
    std::array<Floats, kQueries * kRows> totals;
    for (std::size_t q = 0; q < kQueries; ++q) {
      for (std::size_t r = 0; r < kRows; ++r) totals[q * kRows + r] = sums[q][r][0] + sums[q][r][1];
    }
    Floats all;
    sum_lanes_of_eight(totals, all);
    for (std::size_t q = 0; q < kQueries; ++q) {
      for (std::size_t r = 0; r < kRows; ++r) scores[q * line + r] = all[2 * (q * kRows + r)];
    }
    return;
  }
  for (std::size_t q = 0; q < kQueries; ++q) {
    for (std::size_t r = 0; r < kRows; ++r) {
      const std::byte* row = std::as_bytes(std::span(rows + r * dimension, dimension)).data();
      scores[q * line + r] = finish_row(sums[q][r][0] + sums[q][r][1], queries[q], row, i, dimension);
    }
  }
}

CLIPSEEK_AVX512 void dot_rows_of_many_avx512(const float* const* queries, std::size_t query_count, const float* rows,
                                             std::size_t dimension, float* scores, std::size_t count) {
  std::size_t q = 0;
  for (; q + kQueries <= query_count; q += kQueries) {
    std::size_t i = 0;
    for (; i + kRows <= count; i += kRows) {
      dot_tile(queries + q, rows + i * dimension, dimension, scores + q * count + i, count);
    }
    for (; i < count; ++i) {
      const std::byte* row = std::as_bytes(std::span(rows + i * dimension, dimension)).data();
      for (std::size_t k = q; k < q + kQueries; ++k) scores[k * count + i] = dot_row(queries[k], row, dimension);
    }
  }
  for (; q < query_count; ++q) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::byte* row = std::as_bytes(std::span(rows + i * dimension, dimension)).data();
      scores[q * count + i] = dot_row(queries[q], row, dimension);
    }
  }
}

CLIPSEEK_AVX512 void dot_rows_avx512(const float* query, const std::byte* rows, std::size_t dimension, float* scores,
                                     std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    scores[i] = dot_row(query, rows + i * dimension * sizeof(float), dimension);
  }
}

}  // namespace

std::optional<DotKernels> avx512_dot_kernels() {
  if (base::has_avx512()) return DotKernels{dot_rows_avx512, dot_rows_of_many_avx512};
  return std::nullopt;
}

}  // namespace clipseek::search

#else

namespace clipseek::search {

std::optional<DotKernels> avx512_dot_kernels() {
  return std::nullopt;
}

}  // namespace clipseek::search

#endif

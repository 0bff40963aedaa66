// Compares exact search with the memory bandwidth: BM_Nearest reports the bytes of the matrix that it reads each
// second, BM_ReadMemory the rate of a plain sum over the same number of bytes with the same number of threads.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <numeric>
#include <vector>

#include "base/multiversion.h"
#include "base/parallel.h"
#include "search/dot.h"
#include "search/nearest.h"

namespace clipseek {
namespace {

constexpr std::size_t kDimension = 512;

const search::VectorMatrix& matrix_of(std::size_t rows) {
  static search::VectorMatrix matrix;
  if (matrix.ids.size() != rows) {
    matrix = {};
    matrix.dimension = kDimension;
    matrix.ids.resize(rows);
    std::iota(matrix.ids.begin(), matrix.ids.end(), std::int64_t{1});
    matrix.values.resize(rows * kDimension);
    std::uint32_t state = 1;
    for (float& value : matrix.values) {
      state = state * 1664525U + 1013904223U;
      value = static_cast<float>(static_cast<std::int32_t>(state)) * 0x1p-31F * 0.08F;
    }
  }
  return matrix;
}

void set_bytes(benchmark::State& state, const search::VectorMatrix& matrix) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(matrix.values.size() * sizeof(float)));
}

CLIPSEEK_MULTIVERSION
std::uint64_t sum_words(const std::uint64_t* words, std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += words[i];
  return sum;
}

void BM_ReadMemory(benchmark::State& state) {
  const search::VectorMatrix& matrix = matrix_of(static_cast<std::size_t>(state.range(0)));
  const auto* words = reinterpret_cast<const std::uint64_t*>(matrix.values.data());
  std::size_t count = matrix.values.size() / 2;
  auto threads = static_cast<std::size_t>(state.range(1));
  for (auto _ : state) {
    base::run_workers(static_cast<int>(threads), [&](int worker) {
      std::size_t first = count * static_cast<std::size_t>(worker) / threads;
      std::size_t last = count * (static_cast<std::size_t>(worker) + 1) / threads;
      benchmark::DoNotOptimize(sum_words(words + first, last - first));
    });
  }
  set_bytes(state, matrix);
}

void BM_Nearest(benchmark::State& state) {
  const search::VectorMatrix& matrix = matrix_of(static_cast<std::size_t>(state.range(0)));
  std::vector<float> query(matrix.values.begin(), matrix.values.begin() + kDimension);
  for (auto _ : state) {
    benchmark::DoNotOptimize(search::nearest(matrix, query, 10, static_cast<int>(state.range(1))));
  }
  set_bytes(state, matrix);
}

// Scores one row at a time, as they are read from the database.
void BM_DotUnaligned(benchmark::State& state) {
  std::vector<std::byte> row(kDimension * sizeof(float) + 1);
  std::vector<float> query(kDimension, 0.5F);
  float score = 0;
  for (auto _ : state) {
    search::dot_rows(query, row.data() + 1, {&score, 1});
    benchmark::DoNotOptimize(score);
  }
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"rows", "threads"})->Unit(benchmark::kMillisecond)->UseRealTime();
  for (int rows : {100'000, 1'000'000}) {
    for (int threads = 1; threads <= base::available_cores(); threads *= 2) benchmark->Args({rows, threads});
  }
}

BENCHMARK(BM_ReadMemory)->Apply(sizes);
BENCHMARK(BM_Nearest)->Apply(sizes);
BENCHMARK(BM_DotUnaligned);

}  // namespace
}  // namespace clipseek

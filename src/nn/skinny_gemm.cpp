#include "nn/skinny_gemm.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/avx512.h"
#include "nn/exponential.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define CLIPSEEK_AVX512_BF16 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma")))

namespace clipseek::nn {
namespace {

constexpr int kVectors = kSkinnyGemmBlock / 16;

// Each row needs four vectors of sums, and the weights need four: more rows at once would exceed the 32 registers.
constexpr int kRowsAtOnce = 6;

// The distance in bytes at which weights are prefetched: the hardware prefetcher stops at each page of 4 KiB.
constexpr std::size_t kPrefetchDistance = 4096;

using Sums = std::array<float, static_cast<std::size_t>(kSkinnyGemmRows) * kSkinnyGemmBlock>;

// Computes sums[row][64] of one block of outputs, for kRows rows of x.
template <int kRows>
CLIPSEEK_AVX512_BF16 void sum_block_bf16(const std::uint16_t* x, std::size_t inputs, const std::byte* weight,
                                         float* sums) {
  __m512 sum[kRows][kVectors];
  for (auto& row : sum) {
    for (__m512& vector : row) vector = _mm512_setzero_ps();
  }
  for (std::size_t i = 0; i < inputs; i += 2, weight += kVectors * 64) {
    __m512bh w[kVectors];
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) {
      _mm_prefetch(reinterpret_cast<const char*>(weight + kPrefetchDistance + v * 64), _MM_HINT_T0);
      w[v] = reinterpret_cast<__m512bh>(_mm512_loadu_si512(weight + v * 64));
    }
#pragma GCC unroll 8
    for (int row = 0; row < kRows; ++row) {
      int pair;
      std::memcpy(&pair, x + static_cast<std::size_t>(row) * inputs + i, sizeof pair);
      auto both = reinterpret_cast<__m512bh>(_mm512_set1_epi32(pair));
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; ++v) sum[row][v] = _mm512_dpbf16_ps(sum[row][v], w[v], both);
    }
  }
  for (int row = 0; row < kRows; ++row) {
    for (int v = 0; v < kVectors; ++v) _mm512_storeu_ps(sums + row * kSkinnyGemmBlock + v * 16, sum[row][v]);
  }
}

template <int kRows>
CLIPSEEK_AVX512 void sum_block_f32(const float* x, std::size_t inputs, const std::byte* weight, float* sums) {
  __m512 sum[kRows][kVectors];
  for (auto& row : sum) {
    for (__m512& vector : row) vector = _mm512_setzero_ps();
  }
  for (std::size_t i = 0; i < inputs; ++i, weight += kVectors * 64) {
    __m512 w[kVectors];
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) {
      _mm_prefetch(reinterpret_cast<const char*>(weight + kPrefetchDistance + v * 64), _MM_HINT_T0);
      w[v] = _mm512_loadu_ps(weight + v * 64);
    }
#pragma GCC unroll 8
    for (int row = 0; row < kRows; ++row) {
      __m512 value = _mm512_set1_ps(x[static_cast<std::size_t>(row) * inputs + i]);
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; ++v) sum[row][v] = _mm512_fmadd_ps(w[v], value, sum[row][v]);
    }
  }
  for (int row = 0; row < kRows; ++row) {
    for (int v = 0; v < kVectors; ++v) _mm512_storeu_ps(sums + row * kSkinnyGemmBlock + v * 16, sum[row][v]);
  }
}

template <typename Value>
using SumBlock = void (*)(const Value* x, std::size_t inputs, const std::byte* weight, float* sums);

template <int... kRows>
constexpr auto bf16_kernels(std::integer_sequence<int, kRows...>) {
  return std::array<SumBlock<std::uint16_t>, sizeof...(kRows)>{sum_block_bf16<kRows + 1>...};
}
template <int... kRows>
constexpr auto f32_kernels(std::integer_sequence<int, kRows...>) {
  return std::array<SumBlock<float>, sizeof...(kRows)>{sum_block_f32<kRows + 1>...};
}
constexpr auto kBf16Kernels = bf16_kernels(std::make_integer_sequence<int, kRowsAtOnce>());
constexpr auto kF32Kernels = f32_kernels(std::make_integer_sequence<int, kRowsAtOnce>());

// Computes all rows of one block in groups of nearly equal size. From the second group on, the block's weights are in
// the cache.
template <typename Value, typename Kernels>
void sum_rows(const Kernels& kernels, const Value* x, int rows, int inputs, const std::byte* weight, float* sums) {
  int groups = (rows + kRowsAtOnce - 1) / kRowsAtOnce;
  for (int group = 0, first = 0; group < groups; ++group) {
    int count = rows / groups + (group < rows % groups ? 1 : 0);
    kernels[static_cast<std::size_t>(count - 1)](x + static_cast<std::size_t>(first) * static_cast<std::size_t>(inputs),
                                                 static_cast<std::size_t>(inputs), weight,
                                                 sums + first * kSkinnyGemmBlock);
    first += count;
  }
}

CLIPSEEK_AVX512 void activate(float* values, std::size_t count, Activation activation) {
  switch (activation) {
    case Activation::kNone:
      return;
    case Activation::kQuickGelu:
      for (std::size_t i = 0; i < count; ++i) values[i] *= sigmoid(1.702F * values[i]);
      return;
    case Activation::kGelu:
      for (std::size_t i = 0; i < count; ++i) {
        values[i] = 0.5F * values[i] * (1.0F + error_function(values[i] * 0.707106781F));
      }
      return;
    case Activation::kGeluTanh:  // (1 + tanh(u)) / 2 = sigmoid(2 u)
      for (std::size_t i = 0; i < count; ++i) {
        float x = values[i];
        values[i] = x * sigmoid(2 * 0.797884561F * (x + 0.044715F * x * x * x));
      }
      return;
  }
}

// Writes the 64 columns of y from `column` on, from the sums.
CLIPSEEK_AVX512 void write_block(const SkinnyGemm& product, float* sums, int rows, int column, void* y) {
  for (int row = 0; row < rows && product.bias != nullptr; ++row) {
    for (int i = 0; i < kSkinnyGemmBlock; ++i) sums[row * kSkinnyGemmBlock + i] += product.bias[column + i];
  }
  activate(sums, static_cast<std::size_t>(rows) * kSkinnyGemmBlock, product.options.activation);
  for (int row = 0; row < rows; ++row, sums += kSkinnyGemmBlock) {
    std::size_t place =
        static_cast<std::size_t>(row) * static_cast<std::size_t>(product.outputs) + static_cast<std::size_t>(column);
    if (product.options.output == Precision::kBf16) {
      auto* to = static_cast<std::uint16_t*>(y) + place;
      for (int i = 0; i < kSkinnyGemmBlock; ++i) to[i] = round_to_bf16(sums[i]);
    } else if (product.options.accumulate) {
      auto* to = static_cast<float*>(y) + place;
      for (int i = 0; i < kSkinnyGemmBlock; ++i) to[i] += sums[i];
    } else {
      std::memcpy(static_cast<float*>(y) + place, sums, kSkinnyGemmBlock * sizeof(float));
    }
  }
}

}  // namespace

bool SkinnyGemm::supports(Precision precision) {
  return base::has_avx512() && (precision == Precision::kF32 || __builtin_cpu_supports("avx512bf16"));
}

void SkinnyGemm::run(const void* x, int rows, void* y, int threads) const {
  const int blocks = outputs / kSkinnyGemmBlock;
  const std::size_t block_bytes = static_cast<std::size_t>(inputs) * kSkinnyGemmBlock * element_size(options.precision);
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
  for (int block = 0; block < blocks; ++block) {
    Sums sums;
    const std::byte* begin = static_cast<const std::byte*>(weight) + static_cast<std::size_t>(block) * block_bytes;
    if (options.precision == Precision::kBf16) {
      sum_rows(kBf16Kernels, static_cast<const std::uint16_t*>(x), rows, inputs, begin, sums.data());
    } else {
      sum_rows(kF32Kernels, static_cast<const float*>(x), rows, inputs, begin, sums.data());
    }
    write_block(*this, sums.data(), rows, block * kSkinnyGemmBlock, y);
  }
}

}  // namespace clipseek::nn

#else

namespace clipseek::nn {

bool SkinnyGemm::supports(Precision) {
  return false;
}
void SkinnyGemm::run(const void*, int, void*, int) const {}

}  // namespace clipseek::nn

#endif

#include "search/dot.h"

#include <array>
#include <bit>
#include <cstring>

#include "base/multiversion.h"

namespace clipseek {
namespace {

static_assert(std::endian::native == std::endian::little, "stored vectors are little-endian");

// GCC's and Clang's portable vector type (one AVX-512 register, or several smaller ones). A plain loop over an array of
// sums vectorises too, but GCC 12 then keeps the sums in memory, which costs two thirds of the speed.
using Floats [[gnu::vector_size(64)]] = float;
constexpr std::size_t kFloats = sizeof(Floats) / sizeof(float);

// Independent sums: they hide the latency of the additions, whose order strict IEEE arithmetic would otherwise fix.
constexpr std::size_t kSums = 2;
constexpr std::size_t kLanes = kSums * kFloats;

// Always inlined, because it has to be compiled for each clone of the function that calls it.
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
  std::array<float, kFloats> lanes;
  Floats total = sums[0] + sums[1];
  std::memcpy(lanes.data(), &total, sizeof(total));
  for (std::size_t lane = 0; i < dimension; ++i, ++lane) {
    float value;
    std::memcpy(&value, row + i * sizeof(float), sizeof(value));
    lanes[lane % kFloats] += query[i] * value;
  }
  for (std::size_t width = kFloats / 2; width > 0; width /= 2) {
    for (std::size_t lane = 0; lane < width; ++lane) lanes[lane] += lanes[lane + width];
  }
  return lanes[0];
}

CLIPSEEK_MULTIVERSION
void dot_rows_clones(const float* query, const std::byte* rows, std::size_t dimension, float* scores,
                     std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    scores[i] = dot_row(query, rows + i * dimension * sizeof(float), dimension);
  }
}

}  // namespace

void dot_rows(std::span<const float> query, const std::byte* rows, std::span<float> scores) {
  dot_rows_clones(query.data(), rows, query.size(), scores.data(), scores.size());
}

}  // namespace clipseek

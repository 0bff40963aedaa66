#include "nn/kernels.h"

#include <bit>
#include <cmath>
#include <vector>

#include "base/multiversion.h"

namespace clipseek {
namespace {

inline std::uint16_t round_to_bf16(float value) {
  std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  std::uint32_t rounded = (bits + 0x7fffU + (bits >> 16 & 1U)) >> 16;
  std::uint32_t quiet_nan = bits >> 16 | 0x40U;
  return static_cast<std::uint16_t>((bits & 0x7fffffffU) > 0x7f800000U ? quiet_nan : rounded);
}

// e^x for x <= 0 within 2 units in the last place: x = n ln 2 + r, |r| <= ln 2 / 2, and e^r by its Taylor polynomial.
// Below -87 the result is 0 instead of a subnormal. Branch-free, so that loops over it vectorise.
inline float exp_nonpositive(float x) {
  constexpr float kShift = 0x1.8p23F;  // adding it leaves the nearest whole number in the low bits
  float clamped = x < -87.0F ? -87.0F : x;
  float shifted = clamped * 1.44269504F + kShift;
  float n = shifted - kShift;
  float r = clamped - n * 0.693145752F;  // ln 2 in two parts, so that the product with n is exact
  r -= n * 1.42860677e-6F;
  float p = 1.0F / 5040;
  p = p * r + 1.0F / 720;
  p = p * r + 1.0F / 120;
  p = p * r + 1.0F / 24;
  p = p * r + 1.0F / 6;
  p = p * r + 0.5F;
  p = p * r + 1.0F;
  p = p * r + 1.0F;
  std::uint32_t scale = (std::bit_cast<std::uint32_t>(shifted) << 23) + 0x3f800000U;
  float result = p * std::bit_cast<float>(scale);
  return x < -87.0F ? 0.0F : result;
}

struct Moments {
  float mean;
  float inverse_deviation;
};

inline __attribute__((always_inline)) Moments moments(const float* x, int width, float epsilon) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int i = 0; i < width; ++i) sum += x[i];
  float mean = sum / static_cast<float>(width);
  float squares = 0;
#pragma omp simd reduction(+ : squares)
  for (int i = 0; i < width; ++i) squares += (x[i] - mean) * (x[i] - mean);
  return {mean, 1.0F / std::sqrt(squares / static_cast<float>(width) + epsilon)};
}

CLIPSEEK_MULTIVERSION void layer_norm_f32(const float* x, int rows, int width, const float* gamma, const float* beta,
                                          float epsilon, float* y) {
  for (int row = 0; row < rows; ++row, x += width, y += width) {
    Moments m = moments(x, width, epsilon);
    for (int i = 0; i < width; ++i) y[i] = (x[i] - m.mean) * m.inverse_deviation * gamma[i] + beta[i];
  }
}

CLIPSEEK_MULTIVERSION void layer_norm_bf16(const float* x, int rows, int width, const float* gamma, const float* beta,
                                           float epsilon, std::uint16_t* y) {
  for (int row = 0; row < rows; ++row, x += width, y += width) {
    Moments m = moments(x, width, epsilon);
    for (int i = 0; i < width; ++i) {
      y[i] = round_to_bf16((x[i] - m.mean) * m.inverse_deviation * gamma[i] + beta[i]);
    }
  }
}

// One row of softmax over its first `visible` numbers into e (which may not overlap x); returns 1 / sum.
inline __attribute__((always_inline)) float exponentials(const float* x, int visible, float scale, float* e) {
  float largest = x[0];
#pragma omp simd reduction(max : largest)
  for (int i = 0; i < visible; ++i) largest = x[i] > largest ? x[i] : largest;
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int i = 0; i < visible; ++i) {
    e[i] = exp_nonpositive((x[i] - largest) * scale);
    sum += e[i];
  }
  return 1.0F / sum;
}

CLIPSEEK_MULTIVERSION void softmax_row_f32(const float* x, int visible, int columns, float scale, float* y) {
  float inverse = exponentials(x, visible, scale, y);
  for (int i = 0; i < visible; ++i) y[i] *= inverse;
  for (int i = visible; i < columns; ++i) y[i] = 0;
}

CLIPSEEK_MULTIVERSION void softmax_row_bf16(const float* x, int visible, int columns, float scale, float* row,
                                            std::uint16_t* y) {
  float inverse = exponentials(x, visible, scale, row);
  for (int i = 0; i < visible; ++i) y[i] = round_to_bf16(row[i] * inverse);
  for (int i = visible; i < columns; ++i) y[i] = 0;
}

CLIPSEEK_MULTIVERSION void narrow(const float* x, std::size_t count, std::uint16_t* y) {
  for (std::size_t i = 0; i < count; ++i) y[i] = round_to_bf16(x[i]);
}

}  // namespace

void layer_norm(const float* x, int rows, int width, std::span<const float> gamma, std::span<const float> beta,
                float epsilon, Precision precision, void* y) {
  if (precision == Precision::kF32) {
    layer_norm_f32(x, rows, width, gamma.data(), beta.data(), epsilon, static_cast<float*>(y));
  } else {
    layer_norm_bf16(x, rows, width, gamma.data(), beta.data(), epsilon, static_cast<std::uint16_t*>(y));
  }
}

void softmax(const float* x, int rows, int columns, float scale, int causal_period, Precision precision, void* y) {
  std::vector<float> row_buffer(precision == Precision::kBf16 ? static_cast<std::size_t>(columns) : 0);
  for (int row = 0; row < rows; ++row) {
    int visible = causal_period > 0 ? row % causal_period + 1 : columns;
    std::size_t offset = static_cast<std::size_t>(row) * static_cast<std::size_t>(columns);
    if (precision == Precision::kF32) {
      softmax_row_f32(x + offset, visible, columns, scale, static_cast<float*>(y) + offset);
    } else {
      softmax_row_bf16(x + offset, visible, columns, scale, row_buffer.data(), static_cast<std::uint16_t*>(y) + offset);
    }
  }
}

void to_bf16(const float* x, std::size_t count, std::uint16_t* y) {
  narrow(x, count, y);
}

void normalize(std::span<float> x) {
  double squares = 0;
  for (float value : x) squares += static_cast<double>(value) * value;
  if (squares == 0) return;
  double inverse = 1.0 / std::sqrt(squares);
  for (float& value : x) value = static_cast<float>(value * inverse);
}

}  // namespace clipseek

#include "nn/kernels.h"

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "base/multiversion.h"
#include "nn/exponential.h"

namespace clipseek::nn {
namespace {

struct Moments {
  float mean;
  float inverse_deviation;
};

// Sums use many independent lanes, so that no addition waits for the result of the previous one.
constexpr int kLanes = 64;

inline __attribute__((always_inline)) float sum_of_lanes(const float* lanes) {
  float sum = 0;
  for (int lane = 0; lane < kLanes; ++lane) sum += lanes[lane];
  return sum;
}

inline __attribute__((always_inline)) Moments moments(const float* x, int width, float epsilon) {
  float sums[kLanes] = {};
  int whole = width - width % kLanes;
  for (int i = 0; i < whole; i += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) sums[lane] += x[i + lane];
  }
  float sum = sum_of_lanes(sums);
  for (int i = whole; i < width; ++i) sum += x[i];
  float mean = sum / static_cast<float>(width);
  float squares[kLanes] = {};
  for (int i = 0; i < whole; i += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) squares[lane] += (x[i + lane] - mean) * (x[i + lane] - mean);
  }
  float square = sum_of_lanes(squares);
  for (int i = whole; i < width; ++i) square += (x[i] - mean) * (x[i] - mean);
  return {mean, 1.0F / std::sqrt(square / static_cast<float>(width) + epsilon)};
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

// A row is processed in a buffer that is padded to whole blocks with numbers whose exponential is 0: a scalar loop over
// the few remaining numbers would cost as much as the row.
constexpr int kBlock = 16;

int blocks_of(int count) {
  return (count + kBlock - 1) / kBlock;
}

// Computes the exponentials of one row of softmax, of its first `visible` numbers, into e (whole blocks); returns
// 1 / sum.
inline __attribute__((always_inline)) float exponentials(const float* x, int visible, float scale, float* e) {
  const int padded = blocks_of(visible) * kBlock;
  for (int i = 0; i < visible; ++i) e[i] = x[i];
  for (int i = visible; i < padded; ++i) e[i] = -std::numeric_limits<float>::infinity();
  float maxima[kBlock];
  for (int lane = 0; lane < kBlock; ++lane) maxima[lane] = e[lane];
  for (int i = kBlock; i < padded; i += kBlock) {
    for (int lane = 0; lane < kBlock; ++lane) maxima[lane] = e[i + lane] > maxima[lane] ? e[i + lane] : maxima[lane];
  }
  float largest = maxima[0];
  for (float value : maxima) largest = value > largest ? value : largest;
  float sums[kBlock] = {};
  for (int i = 0; i < padded; i += kBlock) {
    for (int lane = 0; lane < kBlock; ++lane) {
      e[i + lane] = exp_nonpositive((e[i + lane] - largest) * scale);
      sums[lane] += e[i + lane];
    }
  }
  float sum = 0;
  for (float value : sums) sum += value;
  return 1.0F / sum;
}

// Returns the number of keys that the query of a row attends to.
inline int visible_keys(int row, int columns, int causal_period) {
  return causal_period > 0 ? row % causal_period + 1 : columns;
}

CLIPSEEK_MULTIVERSION void softmax_f32(const float* x, int rows, int columns, float scale, int causal_period, float* e,
                                       float* y) {
  for (int row = 0; row < rows; ++row, x += columns, y += columns) {
    int visible = visible_keys(row, columns, causal_period);
    float inverse = exponentials(x, visible, scale, e);
    for (int i = 0; i < visible; ++i) y[i] = e[i] * inverse;
    for (int i = visible; i < columns; ++i) y[i] = 0;
  }
}

CLIPSEEK_MULTIVERSION void softmax_bf16(const float* x, int rows, int columns, float scale, int causal_period, float* e,
                                        std::uint16_t* y) {
  for (int row = 0; row < rows; ++row, x += columns, y += columns) {
    int visible = visible_keys(row, columns, causal_period);
    float inverse = exponentials(x, visible, scale, e);
    for (int i = 0; i < visible; ++i) y[i] = round_to_bf16(e[i] * inverse);
    for (int i = visible; i < columns; ++i) y[i] = 0;
  }
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
  std::vector<float> buffer(static_cast<std::size_t>(blocks_of(columns) * kBlock));
  if (precision == Precision::kF32) {
    softmax_f32(x, rows, columns, scale, causal_period, buffer.data(), static_cast<float*>(y));
  } else {
    softmax_bf16(x, rows, columns, scale, causal_period, buffer.data(), static_cast<std::uint16_t*>(y));
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

}  // namespace clipseek::nn

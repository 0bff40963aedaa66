#include "nn/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace clipseek::nn {
namespace {

std::vector<float> random_numbers(std::size_t count, float deviation, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> distribution(0.0F, deviation);
  std::vector<float> numbers(count);
  for (float& number : numbers) number = distribution(generator);
  return numbers;
}

float from_bf16(std::uint16_t value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16);
}

// Widths that are multiples of 4, 8 and 16 and widths that are not.
class KernelWidths : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Widths, KernelWidths, testing::Values(1, 3, 16, 50, 77, 257, 768));

TEST_P(KernelWidths, LayerNormMatchesTheFormulaInDouble) {
  const int width = GetParam();
  const int rows = 3;
  auto size = static_cast<std::size_t>(width);
  std::vector<float> x = random_numbers(3 * size, 4.0F, 1);
  std::vector<float> gamma = random_numbers(size, 1.0F, 2);
  std::vector<float> beta = random_numbers(size, 1.0F, 3);
  std::vector<float> y(3 * size);
  std::vector<std::uint16_t> narrow(3 * size);
  layer_norm(x.data(), rows, width, gamma, beta, 1e-5F, Precision::kF32, y.data());
  layer_norm(x.data(), rows, width, gamma, beta, 1e-5F, Precision::kBf16, narrow.data());
  for (std::size_t row = 0; row < 3; ++row) {
    double mean = 0;
    double variance = 0;
    for (std::size_t i = 0; i < size; ++i) mean += x[row * size + i] / static_cast<double>(width);
    for (std::size_t i = 0; i < size; ++i) variance += std::pow(x[row * size + i] - mean, 2) / width;
    for (std::size_t i = 0; i < size; ++i) {
      double expected = (x[row * size + i] - mean) / std::sqrt(variance + 1e-5) * gamma[i] + beta[i];
      EXPECT_NEAR(y[row * size + i], expected, 2e-5);
      EXPECT_NEAR(from_bf16(narrow[row * size + i]), expected, 1e-5 + std::abs(expected) / 256);
    }
  }
}

TEST_P(KernelWidths, SoftmaxMatchesTheFormulaInDouble) {
  const int columns = GetParam();
  auto size = static_cast<std::size_t>(columns);
  std::vector<float> x = random_numbers(size, 20.0F, 4);
  std::vector<float> y(size);
  softmax(x.data(), 1, columns, 0.5F, 0, Precision::kF32, y.data());
  double largest = *std::max_element(x.begin(), x.end());
  double sum = 0;
  for (float value : x) sum += std::exp(0.5 * (value - largest));
  for (std::size_t i = 0; i < size; ++i) EXPECT_NEAR(y[i], std::exp(0.5 * (x[i] - largest)) / sum, 1e-6);
}

TEST(Softmax, ACausalQueryIgnoresLaterKeys) {
  std::vector<float> x(2 * 9, 1.0F);  // two blocks of three queries
  x[2] = 1000.0F;                     // a later key has no effect, however large its score is
  std::vector<float> y(18);
  softmax(x.data(), 6, 3, 1.0F, 3, Precision::kF32, y.data());
  for (std::size_t block = 0; block < 18; block += 9) {
    std::vector<float> rows(y.begin() + static_cast<std::ptrdiff_t>(block),
                            y.begin() + static_cast<std::ptrdiff_t>(block) + 6);
    EXPECT_EQ(rows, (std::vector<float>{1, 0, 0, 0.5F, 0.5F, 0}));
    EXPECT_NEAR(y[block + 8], 1.0F / 3, 1e-6);
  }
}

TEST(Softmax, SurvivesScoresThatOverflowAnExponential) {
  std::vector<float> x = {-1e30F, 3e4F, 2.9e4F, 3e4F};
  std::vector<float> y(4);
  softmax(x.data(), 1, 4, 1.0F, 0, Precision::kF32, y.data());
  EXPECT_EQ(y, (std::vector<float>{0, 0.5F, 0, 0.5F}));
}

TEST(ToBf16, RoundsToNearestEven) {
  const float x[] = {1.0F, 1.00390625F, 1.01171875F, -3.3e38F, std::numeric_limits<float>::infinity(), 1e-40F};
  std::uint16_t y[6];
  to_bf16(x, 6, y);
  EXPECT_EQ(y[0], 0x3f80);
  EXPECT_EQ(y[1], 0x3f80);  // half way between 0x3f80 and 0x3f81
  EXPECT_EQ(y[2], 0x3f82);  // half way between 0x3f81 and 0x3f82
  EXPECT_EQ(y[3], 0xff78);
  EXPECT_EQ(y[4], 0x7f80);
  EXPECT_EQ(y[5], 0x0001);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  to_bf16(&nan, 1, y);
  EXPECT_TRUE(std::isnan(from_bf16(y[0])));
}

TEST(Normalize, MakesUnitLengthAndLeavesZero) {
  std::vector<float> x = {3, 0, -4};
  normalize(x);
  EXPECT_EQ(x, (std::vector<float>{0.6F, 0, -0.8F}));
  std::vector<float> zero(3);
  normalize(zero);
  EXPECT_EQ(zero, std::vector<float>(3));
}

}  // namespace
}  // namespace clipseek::nn

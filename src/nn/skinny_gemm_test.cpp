#include "nn/skinny_gemm.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>
#include <vector>

#include "base/parallel.h"
#include "nn/hardware.h"
#include "nn/kernels.h"

namespace clipseek::nn {
namespace {

constexpr int kInputs = 96;
constexpr int kOutputs = 192;
constexpr Activation kActivations[] = {Activation::kNone, Activation::kQuickGelu, Activation::kGelu,
                                       Activation::kGeluTanh};

std::vector<float> random_numbers(int count, unsigned seed, float deviation) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> distribution(0.0F, deviation);
  std::vector<float> numbers(static_cast<std::size_t>(count));
  for (float& number : numbers) number = distribution(generator);
  return numbers;
}

std::vector<float> widen(const std::vector<std::uint16_t>& narrow) {
  std::vector<float> wide;
  for (std::uint16_t bits : narrow) wide.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16));
  return wide;
}

// The numbers in x and weight are exact in bf16, so that the exact products are the same in both precisions.
struct Problem {
  std::vector<std::uint16_t> narrow = std::vector<std::uint16_t>(kSkinnyGemmRows * kInputs);
  std::vector<float> x, weight, bias = random_numbers(kOutputs, 3, 1.0F);
  std::vector<float> before = random_numbers(kSkinnyGemmRows * kOutputs, 4, 1.0F);

  Problem() {
    to_bf16(random_numbers(kSkinnyGemmRows * kInputs, 1, 1.0F).data(), narrow.size(), narrow.data());
    x = widen(narrow);
    std::vector<std::uint16_t> rounded(kInputs * kOutputs);
    to_bf16(random_numbers(kInputs * kOutputs, 2, 0.2F).data(), rounded.size(), rounded.data());
    weight = widen(rounded);
  }

  double expected(int row, int output, Activation activation) const {
    double sum = bias[static_cast<std::size_t>(output)];
    for (int i = 0; i < kInputs; ++i) {
      sum += static_cast<double>(x[static_cast<std::size_t>(row * kInputs + i)]) *
             weight[static_cast<std::size_t>(output * kInputs + i)];
    }
    switch (activation) {
      case Activation::kNone:
        return sum;
      case Activation::kQuickGelu:
        return sum / (1 + std::exp(-1.702 * sum));
      case Activation::kGelu:
        return 0.5 * sum * (1 + std::erf(sum / std::sqrt(2.0)));
      case Activation::kGeluTanh:
        return 0.5 * sum * (1 + std::tanh(std::sqrt(2 / M_PI) * (sum + 0.044715 * sum * sum * sum)));
    }
    return 0;
  }
};

std::vector<float> run(const Problem& p, const LinearOptions& options, int rows, int team) {
  Linear linear(p.weight, p.bias, kInputs, kOutputs, options);
  Workspace workspace;
  workspace.team = team;
  const void* x = options.precision == Precision::kF32 ? static_cast<const void*>(p.x.data()) : p.narrow.data();
  std::vector<float> y(p.before.begin(), p.before.begin() + rows * kOutputs);
  if (options.output == Precision::kF32) {
    linear.run(workspace, x, rows, y.data());
    return y;
  }
  std::vector<std::uint16_t> narrow(y.size());
  linear.run(workspace, x, rows, narrow.data());
  return widen(narrow);
}

TEST(SkinnyGemm, EveryNumberOfRowsAndActivationMatchesTheFormula) {
  Problem p;
  for (Precision precision : {Precision::kF32, Precision::kBf16}) {
    if (!supports(precision)) continue;
    for (int rows = 1; rows <= kSkinnyGemmRows; ++rows) {
      Activation activation = kActivations[rows % 4];
      std::vector<float> y = run(p, {precision, Precision::kF32, activation, false}, rows, 1);
      for (int i = 0; i < rows * kOutputs; ++i) {
        ASSERT_NEAR(y[static_cast<std::size_t>(i)], p.expected(i / kOutputs, i % kOutputs, activation), 2e-5)
            << rows << " rows, number " << i;
      }
    }
  }
}

TEST(SkinnyGemm, AccumulatesAndRoundsToBf16) {
  Problem p;
  std::vector<float> sum = run(p, {Precision::kF32, Precision::kF32, Activation::kNone, true}, 7, 1);
  for (int i = 0; i < 7 * kOutputs; ++i) {
    auto at = static_cast<std::size_t>(i);
    ASSERT_NEAR(sum[at], p.before[at] + p.expected(i / kOutputs, i % kOutputs, Activation::kNone), 2e-5);
  }
  if (!supports(Precision::kBf16)) GTEST_SKIP() << "this CPU has no bf16 matrix products";
  std::vector<float> y = run(p, {Precision::kBf16, Precision::kBf16, Activation::kQuickGelu, false}, 5, 1);
  for (int i = 0; i < 5 * kOutputs; ++i) {
    double expected = p.expected(i / kOutputs, i % kOutputs, Activation::kQuickGelu);
    ASSERT_NEAR(y[static_cast<std::size_t>(i)], expected, 1e-5 + std::abs(expected) / 256);
  }
}

#ifndef __SANITIZE_THREAD__  // ThreadSanitizer does not see how OpenMP's threads wait for each other
TEST(SkinnyGemm, ATeamOfThreadsComputesTheSame) {
  Problem p;
  LinearOptions options{Precision::kF32, Precision::kF32, Activation::kGelu, false};
  EXPECT_EQ(run(p, options, 11, 3), run(p, options, 11, 1));
}
#endif

}  // namespace
}  // namespace clipseek::nn

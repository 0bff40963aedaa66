#include "nn/linear.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "base/parallel.h"
#include "nn/attention.h"
#include "nn/hardware.h"
#include "nn/kernels.h"

namespace clipseek::nn {
namespace {

std::vector<float> random_numbers(std::size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> distribution(0.0F, 1.0F);
  std::vector<float> numbers(count);
  for (float& number : numbers) number = distribution(generator);
  return numbers;
}

double apply(Activation activation, double x) {
  switch (activation) {
    case Activation::kNone:
      return x;
    case Activation::kQuickGelu:
      return x / (1 + std::exp(-1.702 * x));
    case Activation::kGelu:
      return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
    case Activation::kGeluTanh:
      return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  }
  return 0;
}

struct Problem {
  int rows, inputs, outputs;
  std::vector<float> x, weight, bias, y;

  Problem(int r, int i, int o)
      : rows(r),
        inputs(i),
        outputs(o),
        x(random_numbers(static_cast<std::size_t>(r * i), 1)),
        weight(random_numbers(static_cast<std::size_t>(i * o), 2)),
        bias(random_numbers(static_cast<std::size_t>(o), 3)),
        y(random_numbers(static_cast<std::size_t>(r * o), 4)) {}

  double product(int row, int output) const {
    double sum = 0;
    for (int i = 0; i < inputs; ++i) {
      sum += static_cast<double>(x[static_cast<std::size_t>(row * inputs + i)]) *
             weight[static_cast<std::size_t>(output * inputs + i)];
    }
    return sum;
  }
  void expect(const std::vector<float>& result, double tolerance, const std::function<double(double, int, int)>& f) {
    for (int row = 0; row < rows; ++row) {
      for (int output = 0; output < outputs; ++output) {
        EXPECT_NEAR(result[static_cast<std::size_t>(row * outputs + output)], f(product(row, output), row, output),
                    tolerance)
            << row << ", " << output;
      }
    }
  }
};

TEST(Linear, EveryActivationMatchesItsFormula) {
  Problem p(5, 33, 17);
  for (Activation activation : {Activation::kNone, Activation::kQuickGelu, Activation::kGelu, Activation::kGeluTanh}) {
    Linear linear(p.weight, p.bias, p.inputs, p.outputs, {Precision::kF32, Precision::kF32, activation, false});
    Workspace workspace;
    std::vector<float> y(p.y.size());
    linear.run(workspace, p.x.data(), p.rows, y.data());
    p.expect(y, 1e-4, [&](double sum, int, int output) {
      return apply(activation, sum + p.bias[static_cast<std::size_t>(output)]);
    });
  }
}

TEST(Linear, AccumulatesIntoTheResidual) {
  for (Precision precision : {Precision::kF32, Precision::kBf16}) {
    if (!supports(precision)) GTEST_SKIP() << "this CPU has no bf16 matrix products";
    Problem p(7, 64, 48);
    Linear linear(p.weight, p.bias, p.inputs, p.outputs, {precision, Precision::kF32, Activation::kNone, true});
    std::vector<std::uint16_t> narrow(p.x.size());
    to_bf16(p.x.data(), p.x.size(), narrow.data());
    Workspace workspace;
    std::vector<float> y = p.y;
    const void* x = precision == Precision::kF32 ? static_cast<const void*>(p.x.data()) : narrow.data();
    linear.run(workspace, x, p.rows, y.data());
    p.expect(y, precision == Precision::kF32 ? 1e-4 : 0.15, [&](double sum, int row, int output) {
      return sum + p.bias[static_cast<std::size_t>(output)] + p.y[static_cast<std::size_t>(row * p.outputs + output)];
    });
  }
}

TEST(Linear, AnyNumberOfRowsFromSeveralThreads) {
  constexpr int kInputs = 48;
  constexpr int kOutputs = 80;
  Problem p(40, kInputs, kOutputs);
  Linear linear(p.weight, {}, kInputs, kOutputs, {});
  base::run_workers(4, [&](int) {
    Workspace workspace;
    for (int rows = 1; rows <= p.rows; ++rows) {
      std::vector<float> y(static_cast<std::size_t>(rows * kOutputs));
      linear.run(workspace, p.x.data(), rows, y.data());
      EXPECT_NEAR(y.back(), p.product(rows - 1, kOutputs - 1), 1e-4);
    }
  });
}

// Computes the attention of one query by the formula in double: the weights of keys 0 ... visible - 1 times the values.
double attend(const std::vector<float>& qkv, int width, int depth, int head, int first, int query, int visible, int d) {
  auto at = [&](int row, int part, int i) {
    return static_cast<double>(
        qkv[static_cast<std::size_t>((first + row) * 3 * width + part * width + head * depth + i)]);
  };
  double sum = 0;
  double result = 0;
  for (int key = 0; key < visible; ++key) {
    double score = 0;
    for (int i = 0; i < depth; ++i) score += at(query, 0, i) * at(key, 1, i);
    double weight = std::exp(score / std::sqrt(static_cast<double>(depth)));
    sum += weight;
    result += weight * at(key, 2, d);
  }
  return result / sum;
}

TEST(Attention, MatchesTheFormulaPlainAndCausal) {
  constexpr int kWidth = 24, kHeads = 3, kDepth = 8, kTokens = 7, kSequences = 2;
  std::vector<float> qkv = random_numbers(kSequences * kTokens * 3 * kWidth, 5);
  std::vector<float> out(kSequences * kTokens * kWidth);
  for (bool causal : {false, true}) {
    Attention attention(kWidth, kHeads, causal, Precision::kF32);
    Workspace workspace;
    attention.run(workspace, qkv.data(), kSequences, kTokens, out.data());
    for (int row = 0; row < kSequences * kTokens; ++row) {
      for (int column = 0; column < kWidth; ++column) {
        int query = row % kTokens;
        double expected = attend(qkv, kWidth, kDepth, column / kDepth, row - query, query, causal ? query + 1 : kTokens,
                                 column % kDepth);
        EXPECT_NEAR(out[static_cast<std::size_t>(row * kWidth + column)], expected, 1e-5);
      }
    }
  }
}

TEST(Hardware, MeasuresARate) {
  EXPECT_GT(measure_peak_gflops(Precision::kF32, 2, 0.05), 0.1);
}

}  // namespace
}  // namespace clipseek::nn

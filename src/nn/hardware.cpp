#include "nn/hardware.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <vector>

#include "base/parallel.h"
#include "nn/linear.h"
#include "nn/onednn.h"

namespace clipseek::nn {
namespace {

using Clock = std::chrono::steady_clock;

// Shapes of products for which oneDNN reaches nearly its highest rate: their operands fit into the second-level cache
// or stream well. They were found by experiment; see docs/decisions.md.
struct Shape {
  int rows, inputs, outputs;
};
constexpr std::array<Shape, 4> kShapes{{{800, 768, 768}, {800, 768, 2304}, {800, 768, 3072}, {256, 1024, 1024}}};

double rate(const Linear& product, Shape shape, Precision precision, int threads, double seconds) {
  std::vector<double> rates(static_cast<std::size_t>(threads));
  std::barrier start(threads);
  base::run_workers(threads, [&](int worker) {
    Workspace workspace;
    Buffer x, y;
    std::size_t x_bytes = static_cast<std::size_t>(shape.rows * shape.inputs) * element_size(precision);
    std::fill_n(static_cast<char*>(x.get(x_bytes)), x_bytes, '\0');
    y.get(static_cast<std::size_t>(shape.rows * shape.outputs) * element_size(precision));
    product.run(workspace, x.get(0), shape.rows, y.get(0));
    start.arrive_and_wait();
    Clock::time_point begin = Clock::now();
    double spent = 0;
    int runs = 0;
    for (; spent < seconds; ++runs) {
      product.run(workspace, x.get(0), shape.rows, y.get(0));
      spent = std::chrono::duration<double>(Clock::now() - begin).count();
    }
    rates[static_cast<std::size_t>(worker)] = 2e-9 * shape.rows * shape.inputs * shape.outputs * runs / spent;
  });
  double sum = 0;
  for (double value : rates) sum += value;
  return sum;
}

}  // namespace

bool has_native_bf16() {
#if defined(__x86_64__)
  return uses_isa(dnnl::cpu_isa::avx512_core_bf16);
#else
  return false;
#endif
}

bool supports(Precision precision) {
  if (precision == Precision::kF32) return true;
  try {
    dnnl::memory::desc any = matrix(16, 16, to_dnnl(precision));
    describe_product(any, any, {}, any, shared_attributes());
    return true;
  } catch (const dnnl::error&) {  // oneDNN reports a missing implementation only in this way
    return false;
  }
}

double measure_peak_gflops(Precision precision, int threads, double seconds) {
  constexpr int kRounds = 3;
  double best = 0;
  for (Shape shape : kShapes) {
    std::vector<float> weight(static_cast<std::size_t>(shape.inputs * shape.outputs), 0.5F);
    Linear product(weight, {}, shape.inputs, shape.outputs, {precision, precision, Activation::kNone, false});
    for (int round = 0; round < kRounds; ++round) {
      best = std::max(best, rate(product, shape, precision, threads, seconds / (kRounds * kShapes.size())));
    }
  }
  return best;
}

}  // namespace clipseek::nn

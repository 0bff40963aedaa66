// y = activation(x W^T + b), or y += x W^T + b, on oneDNN.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "nn/tensor.h"
#include "nn/workspace.h"

namespace clipseek::nn {

enum class Activation {
  kNone,
  kQuickGelu,  // x * sigmoid(1.702 x)
  kGelu,       // x * Phi(x), with erf
  kGeluTanh,   // the tanh approximation of kGelu
};

struct LinearOptions {
  Precision precision = Precision::kF32;  // of x and of the product
  Precision output = Precision::kF32;     // of y
  Activation activation = Activation::kNone;
  bool accumulate = false;  // add to y (a residual); y must then be f32
};

// Immutable after construction: any number of threads may call run at once, each with its own Workspace.
class Linear {
 public:
  // `weight` is [outputs, inputs] as PyTorch stores it, `bias` [outputs] or empty. Both are copied, the weight into the
  // layout that oneDNN multiplies fastest on this CPU.
  Linear(std::span<const float> weight, std::span<const float> bias, int inputs, int outputs,
         const LinearOptions& options);
  ~Linear();
  Linear(Linear&&) noexcept;

  // x: [rows, inputs] of `precision`; y: [rows, outputs] of `output`.
  void run(Workspace& workspace, const void* x, int rows, void* y) const;

  int inputs() const;
  int outputs() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clipseek::nn

// The transformer of all towers (Vaswani et al. 2017): pre-norm in CLIP and SigLIP (Radford et al. 2021, section 2.4),
// post-norm in BERT (Devlin et al. 2019), the text tower of Chinese-CLIP.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nn/linear.h"
#include "nn/tensor.h"
#include "nn/workspace.h"

namespace clipseek::nn {

struct TransformerConfig {
  int width = 0;   // W
  int heads = 0;   // H, a divisor of W; D = W / H
  int hidden = 0;  // F
  int layers = 0;
  Activation activation = Activation::kQuickGelu;
  float epsilon = 1e-5F;
  bool causal = false;
  bool post_norm = false;  // norm(x + f(x)) instead of x + f(norm(x))
};

struct NormTensors {
  TensorView weight, bias;  // [W]
};
struct LinearTensors {
  TensorView weight, bias;  // [outputs, inputs], [outputs]
};

// Copies the weights of a checkpoint, of any precision.
Linear make_linear(const LinearTensors& tensors, int inputs, int outputs, const LinearOptions& options);

// One layer's weights as a checkpoint stores them.
struct LayerTensors {
  NormTensors norm1;
  LinearTensors q, k, v, out;  // [W, W]
  NormTensors norm2;
  LinearTensors fc1, fc2;  // [F, W], [W, F]
};

// Immutable after construction: any number of threads may call run at once, each with its own Workspace.
class Transformer {
 public:
  // Copies the weights into oneDNN's layouts, several layers in parallel on all cores.
  Transformer(const TransformerConfig& config, const std::vector<LayerTensors>& layers, Precision precision);
  ~Transformer();

  // x: [sequences * T, W] f32, in place.
  void run(Workspace& workspace, float* x, int sequences, int tokens) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clipseek::nn

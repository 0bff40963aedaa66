// The pre-norm transformer that both of CLIP's towers are (Radford et al. 2021, section 2.4; Vaswani et al. 2017).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nn/linear.h"
#include "nn/tensor.h"
#include "nn/workspace.h"

namespace clipseek {

struct TransformerConfig {
  int width = 0;   // W
  int heads = 0;   // H; W / H = D is whole
  int hidden = 0;  // F
  int layers = 0;
  Activation activation = Activation::kQuickGelu;
  float epsilon = 1e-5F;
  bool causal = false;
};

// One layer's weights as a checkpoint stores them. Projection weights are [outputs, inputs].
struct LayerTensors {
  const TensorView *norm1_weight, *norm1_bias;  // [W]
  const TensorView *q_weight, *q_bias;          // [W, W], [W]
  const TensorView *k_weight, *k_bias;
  const TensorView *v_weight, *v_bias;
  const TensorView *out_weight, *out_bias;
  const TensorView *norm2_weight, *norm2_bias;
  const TensorView *fc1_weight, *fc1_bias;  // [F, W], [F]
  const TensorView *fc2_weight, *fc2_bias;  // [W, F], [W]
};

// Immutable once made: any number of threads may run it, each with its Workspace.
class Transformer {
 public:
  // Copies the weights into oneDNN's layouts, several layers at once on all cores.
  Transformer(const TransformerConfig& config, const std::vector<LayerTensors>& layers, Precision precision);
  ~Transformer();

  // x: [sequences * T, W] f32, in place.
  void run(Workspace& workspace, float* x, int sequences, int tokens) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clipseek

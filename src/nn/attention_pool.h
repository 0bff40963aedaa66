// SigLIP's pooling head: one learned query attends to all tokens, and a feed-forward layer follows (Zhai et al. 2022,
// "Scaling Vision Transformers", multihead attention pooling).
#pragma once

#include <vector>

#include "nn/linear.h"
#include "nn/tensor.h"
#include "nn/transformer.h"
#include "nn/workspace.h"

namespace clipseek::nn {

struct AttentionPoolTensors {
  TensorView probe;            // [1, 1, W]
  LinearTensors q, k, v, out;  // [W, W]
  NormTensors norm;
  LinearTensors fc1, fc2;  // [F, W], [W, F]
};

// Immutable after construction: any number of threads may call run at once, each with its own Workspace.
class AttentionPool {
 public:
  AttentionPool(const TransformerConfig& config, const AttentionPoolTensors& tensors, Precision precision);

  // y = MHA(probe, x, x); out = y + mlp(norm(y)). x: [images * T, W] of the precision; out: [images, W].
  void run(Workspace& workspace, const void* x, int images, int tokens, float* out) const;

 private:
  void attend(const float* keys_values, int tokens, float* mixed) const;

  TransformerConfig config_;
  std::vector<float> query_;  // [W]: the probe, projected
  std::vector<float> gamma_, beta_;
  Linear keys_values_, out_, fc1_, fc2_;
};

}  // namespace clipseek::nn

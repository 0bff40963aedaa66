// Multi-head self-attention without its input and output projections.
#pragma once

#include <memory>

#include "nn/tensor.h"
#include "nn/workspace.h"

namespace clipseek::nn {

// Computes softmax(Q K^T / sqrt(D)) V for each head of each sequence (Vaswani et al. 2017, section 3.2). Any number of
// threads may call run at once, each with its own Workspace.
class Attention {
 public:
  Attention(int width, int heads, bool causal, Precision precision);
  ~Attention();

  // qkv: [sequences * T, 3 W], each row query, key, value; out: [sequences * T, W]; both of `precision`.
  void run(Workspace& workspace, const void* qkv, int sequences, int tokens, void* out) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clipseek::nn

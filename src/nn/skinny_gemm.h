// Products of few rows, the text tower's with a short sentence. They do as much reading as computing, and what they
// read, the weights, comes from memory once and in order.
#pragma once

#include "nn/linear.h"

namespace clipseek::nn {

// Up to so many rows a product is bound by reading its weights.
constexpr int kSkinnyGemmRows = 16;

// The width of a block of outputs in SkinnyGemm::weight.
constexpr int kSkinnyGemmBlock = 64;

struct SkinnyGemm {
  // For each block of 64 outputs, for each input (bf16: each pair of inputs), the weights of the 64 outputs: oneDNN's
  // BA16a64b (bf16: BA16a64b2a).
  const void* weight;
  const float* bias;  // [outputs], or null
  int inputs;         // a multiple of 16 (bf16: 32)
  int outputs;        // a multiple of 64
  LinearOptions options;

  // Whether this CPU has the instructions (AVX-512; bf16: AVX-512 BF16).
  static bool supports(Precision precision);

  // As Linear::run, for up to kFewRows rows, with the blocks shared out to `threads` threads.
  void run(const void* x, int rows, void* y, int threads) const;
};

}  // namespace clipseek::nn

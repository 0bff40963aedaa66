// Matrix products of few rows, as in the text tower for a short sentence. Their time is that of reading the weights,
// which this file reads once and in order.
#pragma once

#include "nn/linear.h"

namespace clipseek::nn {

// Up to this number of rows, reading the weights limits the speed of a product.
constexpr int kSkinnyGemmRows = 16;

// The width of a block of outputs in SkinnyGemm::weight.
constexpr int kSkinnyGemmBlock = 64;

struct SkinnyGemm {
  // The layout is oneDNN's BA16a64b (bf16: BA16a64b2a): for each block of 64 outputs and each input (bf16: each pair of
  // inputs), the weights of the 64 outputs.
  const void* weight;
  const float* bias;  // [outputs], or a null pointer
  int inputs;         // a multiple of 16 (bf16: 32)
  int outputs;        // a multiple of 64
  LinearOptions options;

  // Returns whether this CPU has the instructions (AVX-512; bf16: AVX-512 BF16).
  static bool supports(Precision precision);

  // Computes the same as Linear::run, for up to kSkinnyGemmRows rows, with the blocks divided among `threads` threads.
  void run(const void* x, int rows, void* y, int threads) const;
};

}  // namespace clipseek::nn

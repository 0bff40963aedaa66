// The element-wise and row-wise parts of a transformer, in f32, written as plain loops that are compiled for several
// instruction sets (base/multiversion.h). Any thread.
#pragma once

#include <cstdint>
#include <span>

#include "nn/tensor.h"

namespace clipseek::nn {

// Normalises each row of x [rows, width] to mean 0 and variance 1 (biased, plus epsilon), multiplies by gamma and adds
// beta [width], and writes the result as `precision` to y [rows, width] (Ba et al. 2016, "Layer Normalization"). y may
// be x where both are f32.
void layer_norm(const float* x, int rows, int width, std::span<const float> gamma, std::span<const float> beta,
                float epsilon, Precision precision, void* y);

// Writes softmax(scale * row) of each row of x [rows, columns] as `precision` to y. Where `causal_period` T is not 0,
// each T rows are T queries over T keys, and query t attends only to keys 0 ... t: the others get weight 0.
void softmax(const float* x, int rows, int columns, float scale, int causal_period, Precision precision, void* y);

// Rounds to nearest even; NaN stays NaN.
void to_bf16(const float* x, std::size_t count, std::uint16_t* y);

// Scales x to length 1. A vector of zeros is left unchanged.
void normalize(std::span<float> x);

}  // namespace clipseek::nn

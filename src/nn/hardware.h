// What this machine's processor can do.
#pragma once

#include "nn/tensor.h"

namespace clipseek::nn {

// Whether the CPU multiplies bf16 matrices natively, faster than f32: what precision "auto" asks.
bool has_native_bf16();

// Whether oneDNN can compute in that precision here at all: bf16 needs AVX-512, native or not.
bool supports(Precision precision);

// The rate of plain matrix products on `threads` cores at once, in 10^9 operations a second (a multiply-add is two):
// the ceiling that a tower's rate is put against. The best of several shapes and rounds, since a ceiling that another
// process disturbed would flatter the tower. Takes about `seconds`.
double measure_peak_gflops(Precision precision, int threads, double seconds);

}  // namespace clipseek::nn

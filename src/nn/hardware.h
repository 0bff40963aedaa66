// The capabilities of this machine's CPU.
#pragma once

#include "nn/tensor.h"

namespace clipseek::nn {

// Returns whether the CPU has bf16 matrix instructions, which are faster than f32. Precision "auto" depends on it.
bool has_native_bf16();

// Returns whether oneDNN can compute in `precision` on this CPU: bf16 needs AVX-512, but not bf16 instructions.
bool supports(Precision precision);

// Measures the rate of plain matrix products on `threads` cores at once, in 10^9 operations a second (a multiply-add is
// two): the peak with which a tower's rate is compared. Returns the best of several shapes and rounds, because a peak
// that other processes reduced would make the tower look better. Takes about `seconds`.
double measure_peak_gflops(Precision precision, int threads, double seconds);

}  // namespace clipseek::nn

// oneDNN for the files of this folder, in one form for its versions 2 and 3 (2.5, 2.6 and 3.7 were tried): all
// differences between them are in this header. No other folder includes oneDNN or this header.
#pragma once

#include <oneapi/dnnl/dnnl.hpp>

#include "nn/tensor.h"
#include "nn/workspace.h"

namespace clipseek::nn {

// The one CPU engine. Engines are immutable and may be used from any thread.
const dnnl::engine& cpu_engine();

// Sets the number of threads that oneDNN uses for the primitives that this thread creates or runs next. The setting is
// OpenMP's and applies to the calling thread only. A primitive must be run with the number it was created with.
void use_threads(int threads);

struct Workspace::Stream {
  dnnl::stream value{cpu_engine()};
};

inline dnnl::memory::data_type to_dnnl(Precision precision) {
  return precision == Precision::kF32 ? dnnl::memory::data_type::f32 : dnnl::memory::data_type::bf16;
}

// A description of a dense row-major matrix.
inline dnnl::memory::desc matrix(dnnl::memory::dim rows, dnnl::memory::dim columns, dnnl::memory::data_type type) {
  return {{rows, columns}, type, dnnl::memory::format_tag::ab};
}

// Returns attributes for primitives that several threads run at once: each thread supplies its own scratchpad.
inline dnnl::primitive_attr shared_attributes() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

// Describes y = x * weights + bias, without a bias where `bias` is empty. Throws dnnl::error where oneDNN has no
// implementation for it.
inline dnnl::matmul::primitive_desc describe_product(const dnnl::memory::desc& x, const dnnl::memory::desc& weights,
                                                     const dnnl::memory::desc& bias, const dnnl::memory::desc& y,
                                                     const dnnl::primitive_attr& attributes) {
#if DNNL_VERSION_MAJOR >= 3
  if (bias.get_ndims() == 0) return {cpu_engine(), x, weights, y, attributes};
  return {cpu_engine(), x, weights, bias, y, attributes};
#else
  const bool has_bias = bias.data.ndims > 0;
  return {has_bias ? dnnl::matmul::desc(x, weights, bias, y) : dnnl::matmul::desc(x, weights, y), attributes,
          cpu_engine()};
#endif
}

// Appends the activation `algorithm` with its first parameter to the operations that follow a product.
inline void append_activation(dnnl::post_ops& operations, dnnl::algorithm algorithm, float alpha) {
#if DNNL_VERSION_MAJOR >= 3
  operations.append_eltwise(algorithm, alpha, 0.0F);
#else
  operations.append_eltwise(1.0F, algorithm, alpha, 0.0F);
#endif
}

// Returns whether oneDNN uses at least the instruction set `wanted` of x86-64: each set's value has the bits of those
// that it includes.
inline bool uses_isa(dnnl::cpu_isa wanted) {
  const auto bits = static_cast<unsigned>(wanted);
  return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & bits) == bits;
}

// Wraps `pointer` as oneDNN memory; nothing is copied. oneDNN takes inputs as non-const pointers but does not write to
// them.
inline dnnl::memory as_memory(const dnnl::memory::desc& desc, const void* pointer) {
  return {desc, cpu_engine(), const_cast<void*>(pointer)};
}

}  // namespace clipseek::nn

// oneDNN for the files of this folder; no other folder includes oneDNN or this header.
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

// Wraps `pointer` as oneDNN memory; nothing is copied. oneDNN takes inputs as non-const pointers but does not write to
// them.
inline dnnl::memory as_memory(const dnnl::memory::desc& desc, const void* pointer) {
  return {desc, cpu_engine(), const_cast<void*>(pointer)};
}

}  // namespace clipseek::nn

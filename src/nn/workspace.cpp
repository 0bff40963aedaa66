#include "nn/workspace.h"

#include <omp.h>

#include "nn/onednn.h"

namespace clipseek {

const dnnl::engine& cpu_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

void compute_on_one_core() {
  omp_set_num_threads(1);
}

Workspace::Stream& Workspace::stream() {
  compute_on_one_core();
  return *stream_;
}

Workspace::Workspace() : stream_(std::make_unique<Stream>()) {}
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;

}  // namespace clipseek

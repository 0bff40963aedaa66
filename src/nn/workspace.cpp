#include "nn/workspace.h"

#include <omp.h>

#include "nn/onednn.h"

namespace clipseek::nn {

const dnnl::engine& cpu_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

void use_threads(int threads) {
  omp_set_num_threads(threads);
}

OpenMpThreadsGuard::OpenMpThreadsGuard() : threads_(omp_get_max_threads()) {}
OpenMpThreadsGuard::~OpenMpThreadsGuard() {
  use_threads(threads_);
}

Workspace::Stream& Workspace::stream(int threads) {
  use_threads(threads);
  return *stream_;
}

Workspace::Workspace() : stream_(std::make_unique<Stream>()) {}
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;

}  // namespace clipseek::nn

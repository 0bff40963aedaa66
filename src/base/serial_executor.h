// An executor with one thread.
#pragma once

#include <functional>
#include <mutex>
#include <optional>

#include "base/worker_pool.h"

namespace clipseek::base {

// Runs the work of its callers on one thread of its own, one piece after the other. For libraries that keep state for
// each calling thread: OpenMP creates a team of threads for each thread that runs a parallel region, and keeps the team
// as long as that thread lives.
class SerialExecutor {
 public:
  // Runs `work` on the executor's thread, which the first call starts, and returns when the work is done. Rethrows what
  // the work throws. Any thread except the executor's own may call it.
  void run(const std::function<void()>& work);

 private:
  std::mutex mutex_;
  std::optional<WorkerPool> pool_;
};

}  // namespace clipseek::base

// One thread for the work of many callers.
#pragma once

#include <functional>
#include <mutex>
#include <optional>

#include "base/worker_pool.h"

namespace clipseek::base {

// Runs the work of its callers on one thread of its own, one piece after the other. It is for work that leaves
// something behind in its thread: OpenMP makes a team of threads for each thread that ever asked for one, and keeps it
// as long as that thread lives.
class SerialExecutor {
 public:
  // Runs `work` and returns when it is done; what `work` throws is thrown here. Any thread but the executor's own. The
  // thread begins with the first call.
  void run(const std::function<void()>& work);

 private:
  std::mutex mutex_;
  std::optional<WorkerPool> pool_;
};

}  // namespace clipseek::base

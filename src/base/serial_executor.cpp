#include "base/serial_executor.h"

#include <future>
#include <memory>

namespace clipseek::base {

void SerialExecutor::run(const std::function<void()>& work) {
  auto task = std::make_shared<std::packaged_task<void()>>(std::cref(work));
  std::future<void> done = task->get_future();
  {
    std::lock_guard lock(mutex_);
    if (!pool_) pool_.emplace(1);
    pool_->post([task] { (*task)(); });
  }
  done.get();
}

}  // namespace clipseek::base

#include "base/serial_executor.h"

#include <utility>

namespace clipseek::base {

SerialExecutor::~SerialExecutor() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void SerialExecutor::run(const std::function<void()>& work) {
  std::lock_guard turn(turn_);
  if (!thread_.joinable()) thread_ = std::thread([this] { serve(); });
  std::packaged_task<void()> task(work);
  std::future<void> done = task.get_future();
  {
    std::lock_guard lock(mutex_);
    work_ = std::move(task);
  }
  changed_.notify_one();
  done.get();
}

void SerialExecutor::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return ending_ || work_.valid(); });
    if (!work_.valid()) return;
    std::packaged_task<void()> work = std::move(work_);
    lock.unlock();
    work();
    lock.lock();
  }
}

}  // namespace clipseek::base

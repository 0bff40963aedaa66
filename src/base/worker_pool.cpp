#include "base/worker_pool.h"

#include <system_error>
#include <utility>

#include "clipseek/error.h"

namespace clipseek::base {

WorkerPool::WorkerPool(int threads, std::size_t max_waiting) : max_waiting_(max_waiting) {
  try {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  } catch (const std::system_error&) {
    stop();  // the threads that did start wait for tasks, and their destructors would wait for them forever
    throw Error(ErrorCode::kUnavailable,
                "the system refused to start a thread: raise its limit of tasks (ulimit -u, or TasksMax of systemd)");
  }
}

WorkerPool::~WorkerPool() {
  stop();
}

bool WorkerPool::post(Task task) {
  {
    std::lock_guard lock(mutex_);
    if (stopped_ || tasks_.size() >= max_waiting_) return false;
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
  return true;
}

void WorkerPool::stop() {
  std::deque<Task> dropped;  // the tasks are destroyed outside the lock
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(tasks_);
  }
  changed_.notify_all();
  threads_.clear();  // joins
}

std::size_t WorkerPool::waiting() const {
  std::lock_guard lock(mutex_);
  return tasks_.size();
}

void WorkerPool::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopped_ || !tasks_.empty(); });
    if (stopped_) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    task = nullptr;  // the task is destroyed outside the lock
    lock.lock();
  }
}

}  // namespace clipseek::base

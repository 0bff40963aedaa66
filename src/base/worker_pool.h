// Threads that run queued tasks.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

namespace clipseek::base {

// A fixed number of threads that run tasks in the order in which they were posted. Any thread may call post() and
// waiting(); only the owner, and none of the pool's threads, may call stop() and destroy the pool.
class WorkerPool {
 public:
  using Task = std::function<void()>;

  // Throws Error kUnavailable where the system refuses to start a thread.
  explicit WorkerPool(int threads, std::size_t max_waiting = std::numeric_limits<std::size_t>::max());
  // Calls stop().
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Queues `task`, which must not throw. Returns false and drops the task where `max_waiting` tasks already wait, or
  // after stop().
  bool post(Task task);
  // Drops the tasks that have not begun and waits for those that run.
  void stop();
  // Returns the number of tasks that have not begun.
  std::size_t waiting() const;

 private:
  void run();

  std::size_t max_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  bool stopped_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace clipseek::base

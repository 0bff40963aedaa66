// Strands and timers, which run callbacks. Callbacks never run on threads of DDS, which must remain free to receive
// messages.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "base/worker_pool.h"

namespace clipseek::ros2 {

using Task = base::WorkerPool::Task;

// Runs tasks one at a time, in order, on a pool of threads. Each subscription, service and client has its own strand.
class Strand : public std::enable_shared_from_this<Strand> {
 public:
  // `on_error` is called with the message of an exception that a task throws.
  Strand(base::WorkerPool& pool, std::function<void(const std::string&)> on_error)
      : pool_(pool), on_error_(std::move(on_error)) {}

  void post(Task task);
  // Drops tasks that have not begun, and waits for the running task unless that task is the caller.
  void close();

 private:
  void run_one();

  base::WorkerPool& pool_;
  std::function<void(const std::string&)> on_error_;
  std::mutex mutex_;
  std::condition_variable idle_;
  std::deque<Task> tasks_;
  bool running_ = false;
  bool closed_ = false;
  std::thread::id runner_;
};

// Calls `tick` every `period` on a thread of its own until the timer is destroyed. After a tick that took longer than
// `period`, the next one begins at once, and those that were missed are left out. The std::exception that a tick throws
// is logged as an error (base/log.h), and the ticks continue.
class Timer {
 public:
  Timer(std::chrono::milliseconds period, Task tick);

 private:
  std::jthread thread_;
};

}  // namespace clipseek::ros2

// Where callbacks run: on threads of the node, never on those of DDS, which must stay free to receive.
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

// Tasks that never run two at a time: one strand for each subscription, service and client.
class Strand : public std::enable_shared_from_this<Strand> {
 public:
  // `on_error` gets what a task throws, as text.
  Strand(base::WorkerPool& pool, std::function<void(const std::string&)> on_error)
      : pool_(pool), on_error_(std::move(on_error)) {}

  void post(Task task);
  // Drops what has not begun, and waits for the task that runs unless that task is the caller.
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

// Calls `tick` on a thread of its own every `period` until it is destroyed. `tick` must not throw.
class Timer {
 public:
  Timer(std::chrono::milliseconds period, Task tick);

 private:
  std::jthread thread_;
};

}  // namespace clipseek::ros2

// Threads with a bounded queue in front of them. Internal to http/.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace clipseek::http {

// Any thread may call anything but the constructor and the destructor.
class WorkerPool {
 public:
  // `late` tells the job that it waited for longer than it may; it is to answer so at once.
  using Job = std::function<void(bool late)>;

  WorkerPool(int threads, std::size_t queue, std::chrono::milliseconds timeout);
  // Jobs under way are finished, those that wait are dropped.
  ~WorkerPool();

  // False when the queue is full.
  bool push(Job job);
  std::size_t waiting() const;

 private:
  struct Waiting {
    Job job;
    std::chrono::steady_clock::time_point since;
  };
  void work();

  std::size_t most_;
  std::chrono::milliseconds timeout_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> queue_;
  bool closed_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace clipseek::http

#include "http/worker_pool.h"

#include <utility>

namespace clipseek::http {

WorkerPool::WorkerPool(int threads, std::size_t queue, std::chrono::milliseconds timeout)
    : most_(queue), timeout_(timeout) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    queue_.clear();
  }
  changed_.notify_all();
}

bool WorkerPool::push(Job job) {
  {
    std::lock_guard lock(mutex_);
    if (closed_ || queue_.size() >= most_) return false;
    queue_.push_back({std::move(job), std::chrono::steady_clock::now()});
  }
  changed_.notify_one();
  return true;
}

std::size_t WorkerPool::waiting() const {
  std::lock_guard lock(mutex_);
  return queue_.size();
}

void WorkerPool::work() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !queue_.empty(); });
    if (closed_) return;
    Waiting next = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    next.job(std::chrono::steady_clock::now() - next.since > timeout_);
  }
}

}  // namespace clipseek::http

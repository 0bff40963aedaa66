#include "http/lane.h"

#include <utility>

namespace clipseek {

Lane::Lane(int threads, std::size_t queue, std::chrono::milliseconds patience) : most_(queue), patience_(patience) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Lane::~Lane() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    queue_.clear();
  }
  changed_.notify_all();
}

bool Lane::push(Job job) {
  {
    std::lock_guard lock(mutex_);
    if (closed_ || queue_.size() >= most_) return false;
    queue_.push_back({std::move(job), std::chrono::steady_clock::now()});
  }
  changed_.notify_one();
  return true;
}

std::size_t Lane::waiting() const {
  std::lock_guard lock(mutex_);
  return queue_.size();
}

void Lane::work() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !queue_.empty(); });
    if (closed_) return;
    Waiting next = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    next.job(std::chrono::steady_clock::now() - next.since > patience_);
  }
}

}  // namespace clipseek

// A counting semaphore that can be closed.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>

#include "clipseek/error.h"

namespace clipseek::base {

// A bounded number of permits. Unlike std::counting_semaphore, it can be closed, which ends all waits. Any thread.
class Semaphore {
 public:
  explicit Semaphore(int permits) : available_(permits) {}

  // From now on acquire() throws Error kUnavailable with `reason`, also in the threads that wait in it.
  void close(const std::string& reason) {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
      reason_ = reason;
    }
    changed_.notify_all();
  }

  void acquire() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return available_ > 0 || closed_; });
    if (closed_) throw Error(ErrorCode::kUnavailable, reason_);
    --available_;
  }

  void release() {
    {
      std::lock_guard lock(mutex_);
      ++available_;
    }
    changed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int available_;
  bool closed_ = false;
  std::string reason_;
};

// Holds one permit of a semaphore, which must outlive it.
class Permit {
 public:
  explicit Permit(Semaphore& semaphore) : semaphore_(semaphore) { semaphore_.acquire(); }
  ~Permit() { semaphore_.release(); }
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;

 private:
  Semaphore& semaphore_;
};

}  // namespace clipseek::base

// Ends the callbacks of a DDS listener: after close(), none runs and none begins.
#pragma once

#include <condition_variable>
#include <mutex>

namespace clipseek::ros2 {

// DDS may call a listener while another thread removes it. So every callback runs through pass(), and a listener object
// is kept until its participant is destroyed. To avoid deadlocks with the locks that DDS holds, no lock of the guard is
// held while a callback runs.
class CallbackGuard {
 public:
  // Runs `callback`; does nothing after close() has begun.
  template <typename Callback>
  void pass(Callback callback) {
    {
      std::lock_guard lock(mutex_);
      if (closed_) return;
      ++inside_;
    }
    callback();
    std::lock_guard lock(mutex_);
    --inside_;
    left_.notify_all();
  }
  // Waits for running callbacks; no callback begins afterwards.
  void close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    left_.wait(lock, [this] { return inside_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable left_;
  bool closed_ = false;
  int inside_ = 0;
};

}  // namespace clipseek::ros2

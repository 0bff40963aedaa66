// Ends callbacks of DDS safely.
#pragma once

#include <condition_variable>
#include <mutex>

namespace clipseek::ros2 {

// DDS may be about to call a listener that is just taken away from it. So callbacks begin by entering the gate, and a
// listener is kept until its participant goes. No lock is held while a callback runs: DDS holds its own then.
class CallbackGuard {
 public:
  // Runs `callback`, or nothing once the gate is closed.
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
  // No callback runs when it returns.
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

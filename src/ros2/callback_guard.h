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
  // Runs `callback`; does nothing after close() has begun. Exceptions of `callback` pass through.
  template <typename Callback>
  void pass(Callback callback) {
    if (!enter()) return;
    Leave leave{*this};
    callback();
  }
  // Waits for running callbacks; no callback begins afterwards. Must not be called from a callback.
  void close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    left_.wait(lock, [this] { return inside_ == 0; });
  }

 private:
  // Counts a callback as ended when it returns or throws.
  struct Leave {
    CallbackGuard& guard;
    ~Leave() {
      std::lock_guard lock(guard.mutex_);
      --guard.inside_;
      guard.left_.notify_all();
    }
  };

  bool enter() {
    std::lock_guard lock(mutex_);
    if (closed_) return false;
    ++inside_;
    return true;
  }

  std::mutex mutex_;
  std::condition_variable left_;
  bool closed_ = false;
  int inside_ = 0;
};

}  // namespace clipseek::ros2

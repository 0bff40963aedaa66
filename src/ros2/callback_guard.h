// Ends callbacks of DDS safely.
#pragma once

#include <condition_variable>
#include <mutex>

namespace clipseek::ros2 {

// DDS may be about to call a listener that has just been removed. Each callback therefore passes the guard, which
// refuses it once the guard is closed, and the listener is kept until its participant is deleted. The guard holds no
// lock while a callback runs, because DDS holds locks of its own then.
class CallbackGuard {
 public:
  // Runs `callback` unless the guard is closed. What `callback` throws is passed on.
  template <typename Callback>
  void pass(Callback callback) {
    if (!enter()) return;
    Leave leave{*this};
    callback();
  }
  // No callback runs when it returns. It must not be called from a callback.
  void close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    left_.wait(lock, [this] { return inside_ == 0; });
  }

 private:
  // Counts a callback out when it returns or throws.
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

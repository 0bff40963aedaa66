// A semaphore that bounds the number of threads doing expensive work. Internal to web/.
#pragma once

#include <condition_variable>
#include <mutex>

#include "http/message.h"

namespace clipseek::web {

// Any thread.
class Places {
 public:
  explicit Places(int count) : free_(count) {}

  // From now on no place is given: waiting and new callers get StatusError 503 unavailable.
  void close() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

 private:
  friend class Slot;
  std::mutex mutex_;
  std::condition_variable changed_;
  int free_;
  bool closed_ = false;
};

// Waits for a place in its constructor and releases it in its destructor.
class Slot {
 public:
  explicit Slot(Places& places) : places_(places) {
    std::unique_lock lock(places_.mutex_);
    places_.changed_.wait(lock, [this] { return places_.free_ > 0 || places_.closed_; });
    if (places_.closed_) throw http::StatusError(503, "unavailable", "the server is stopping");
    --places_.free_;
  }
  ~Slot() {
    {
      std::lock_guard lock(places_.mutex_);
      ++places_.free_;
    }
    places_.changed_.notify_one();
  }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

 private:
  Places& places_;
};

}  // namespace clipseek::web

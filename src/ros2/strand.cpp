#include "ros2/strand.h"

#include <algorithm>
#include <exception>
#include <string>

#include "base/log.h"

namespace clipseek::ros2 {
namespace {

void run_tick(const Task& tick) {
  try {
    tick();
  } catch (const std::exception& error) {
    base::log_error(std::string("a periodic task failed: ") + error.what());
  }
}

}  // namespace

void Strand::post(Task task) {
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    tasks_.push_back(std::move(task));
    if (running_) return;
    running_ = true;
  }
  pool_.post([self = shared_from_this()] { self->run_one(); });
}

void Strand::run_one() {
  Task task;
  {
    std::lock_guard lock(mutex_);
    if (!tasks_.empty()) {
      task = std::move(tasks_.front());
      tasks_.pop_front();
      runner_ = std::this_thread::get_id();
    }
  }
  try {
    if (task) task();
  } catch (const std::exception& error) {
    on_error_(error.what());
  }
  task = nullptr;
  std::lock_guard lock(mutex_);
  runner_ = {};
  idle_.notify_all();
  if (tasks_.empty()) {
    running_ = false;
  } else {
    pool_.post([self = shared_from_this()] { self->run_one(); });
  }
}

void Strand::close() {
  std::unique_lock lock(mutex_);
  closed_ = true;
  tasks_.clear();
  if (runner_ == std::this_thread::get_id()) return;
  idle_.wait(lock, [this] { return runner_ == std::thread::id(); });
}

Timer::Timer(std::chrono::milliseconds period, Task tick)
    : thread_([period, tick = std::move(tick)](const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any changed;
        std::unique_lock lock(mutex);
        auto next = std::chrono::steady_clock::now() + period;
        for (;;) {
          if (changed.wait_until(lock, stop, next, [] { return false; }) || stop.stop_requested()) return;
          run_tick(tick);
          next = std::max(next + period, std::chrono::steady_clock::now());
        }
      }) {}

}  // namespace clipseek::ros2

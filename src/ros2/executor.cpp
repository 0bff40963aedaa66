#include "ros2/executor.h"

#include <exception>
#include <string>

namespace clipseek::ros2 {

Executor::Executor(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Executor::~Executor() {
  stop();
}

void Executor::post(Task task) {
  {
    std::lock_guard lock(mutex_);
    if (stopped_) return;
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void Executor::stop() {
  std::deque<Task> dropped;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(tasks_);
  }
  changed_.notify_all();
  threads_.clear();  // joins
}

void Executor::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopped_ || !tasks_.empty(); });
    if (stopped_) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    task = nullptr;  // destroys the task's captures without holding the lock
    lock.lock();
  }
}

void Strand::post(Task task) {
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    tasks_.push_back(std::move(task));
    if (running_) return;
    running_ = true;
  }
  executor_.post([self = shared_from_this()] { self->run_one(); });
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
    executor_.post([self = shared_from_this()] { self->run_one(); });
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
        auto next = std::chrono::steady_clock::now();
        for (;;) {
          next += period;
          if (changed.wait_until(lock, stop, next, [] { return false; }) || stop.stop_requested()) return;
          tick();
        }
      }) {}

}  // namespace clipseek::ros2

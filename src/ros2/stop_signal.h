// SIGINT and SIGTERM as a stop token.
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace clipseek::ros2 {

// Make one at the beginning of main, before any thread: it takes the two signals away from the process's threads, so
// that nothing is interrupted, and requests a stop when one comes. A second one ends the process at once, should the
// first not have done it. One at a time.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  std::stop_token token() const { return source_.get_token(); }
  // Stops as a signal does, for a program that has finished by itself.
  void request_stop() { source_.request_stop(); }

 private:
  std::stop_source source_;
  sigset_t previous_;
  std::jthread waiter_;
};

}  // namespace clipseek::ros2

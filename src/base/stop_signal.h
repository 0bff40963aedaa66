// SIGINT and SIGTERM as a stop token.
#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace clipseek::base {

// Make one before the process has other threads: it blocks the two signals in this thread and in those that it starts,
// so that no system call is interrupted, and requests a stop when one arrives. A second one ends the process at once. A
// signal that was ignored before (nohup) stays ignored. One at a time in a process.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  std::stop_token token() const { return source_.get_token(); }
  // The number of the signal that arrived first, 0 while none has. Any thread.
  int received() const { return received_; }
  // Stops as a signal does, for a program that has finished by itself.
  void request_stop() { source_.request_stop(); }

 private:
  std::stop_source source_;
  std::atomic<int> received_ = 0;
  sigset_t previous_;
  std::jthread waiter_;
};

}  // namespace clipseek::base

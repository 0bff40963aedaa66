// SIGINT and SIGTERM as a stop token.
#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace clipseek::base {

// Create it before the process has other threads: it blocks the two signals in the calling thread and in the threads
// started from it, so that no system call is interrupted, and requests a stop when one arrives. A second signal ends
// the process at once. A signal that was ignored before (nohup) stays ignored. A process may have one object at a time.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  std::stop_token token() const { return source_.get_token(); }
  // Returns the number of the signal that arrived first, 0 before any has arrived. Any thread.
  int received() const { return received_; }
  // Requests the stop without a signal, for a program whose work is done.
  void request_stop() { source_.request_stop(); }

 private:
  std::stop_source source_;
  std::atomic<int> received_ = 0;
  sigset_t previous_;
  std::jthread waiter_;
};

}  // namespace clipseek::base

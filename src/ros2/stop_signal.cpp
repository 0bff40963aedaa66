#include "ros2/stop_signal.h"

#include <ctime>

namespace clipseek::ros2 {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

// As if the signal had never been taken away.
void end_process(int number) {
  std::signal(number, SIG_DFL);
  sigset_t set = stop_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  std::raise(number);
}

}  // namespace

StopSignal::StopSignal() {
  sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, &previous_);
  waiter_ = std::jthread([this, set](const std::stop_token& end) {
    constexpr timespec kStep{0, 100'000'000};
    while (!end.stop_requested()) {
      int number = sigtimedwait(&set, nullptr, &kStep);
      if (number <= 0) continue;
      if (source_.stop_requested()) end_process(number);
      source_.request_stop();
    }
  });
}

StopSignal::~StopSignal() {
  waiter_.request_stop();
  waiter_.join();
  pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
}

}  // namespace clipseek::ros2

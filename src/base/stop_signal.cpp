#include "base/stop_signal.h"

#include <ctime>

namespace clipseek::base {
namespace {

// Returns SIGINT and SIGTERM, except those that are ignored.
sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (int number : {SIGINT, SIGTERM}) {
    struct sigaction now {};
    sigaction(number, nullptr, &now);
    if (now.sa_handler != SIG_IGN) sigaddset(&set, number);
  }
  return set;
}

// Ends the process with the signal's default action.
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
      received_ = number;
      source_.request_stop();
    }
  });
}

StopSignal::~StopSignal() {
  waiter_.request_stop();
  waiter_.join();
  pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
}

}  // namespace clipseek::base

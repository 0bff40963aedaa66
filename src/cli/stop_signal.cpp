#include "cli/stop_signal.h"

#include <signal.h>

#include <atomic>

namespace clipseek {
namespace {

std::atomic<int> noted = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch nothing else");

void note_signal(int number) {
  noted = number;
}

void handle(int number) {
  struct sigaction now {};
  ::sigaction(number, nullptr, &now);
  if (now.sa_handler == SIG_IGN) return;
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  ::sigaction(number, &action, nullptr);
}

void restore(int number) {
  struct sigaction now {};
  ::sigaction(number, nullptr, &now);
  if (now.sa_handler == note_signal) ::signal(number, SIG_DFL);
}

}  // namespace

StopSignal::StopSignal() {
  noted = 0;
  handle(SIGINT);
  handle(SIGTERM);
}

StopSignal::~StopSignal() {
  restore(SIGINT);
  restore(SIGTERM);
}

int StopSignal::received() const {
  return noted;
}

}  // namespace clipseek

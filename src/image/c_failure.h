// libjpeg and libpng report an error through a callback that must not return. Here the callback jumps back over the
// library's stack frames with longjmp.
#pragma once

#include <array>
#include <csetjmp>
#include <cstdio>

namespace clipseek::image {

class CFailure {
 public:
  // Runs `step`; returns false where fail() was called inside it. The jump runs no destructors, so `step` may only call
  // the library and must not own anything.
  template <typename Step>
  [[gnu::noinline]] bool guard(Step step) {
    if (setjmp(target_) != 0) return false;
    step();
    return true;
  }

  // The message of the last failure.
  char* message() { return message_.data(); }
  std::size_t message_size() const { return message_.size(); }

  [[noreturn]] void fail() { std::longjmp(target_, 1); }
  [[noreturn]] void fail(const char* why) {
    std::snprintf(message_.data(), message_.size(), "%s", why);
    fail();
  }

 private:
  std::jmp_buf target_{};
  std::array<char, 256> message_{};
};

}  // namespace clipseek::image

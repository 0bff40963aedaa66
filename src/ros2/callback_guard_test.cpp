#include "ros2/callback_guard.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>

namespace clipseek::ros2 {
namespace {

TEST(CallbackGuard, RunsNoCallbackAfterClose) {
  CallbackGuard guard;
  int calls = 0;
  guard.pass([&] { ++calls; });
  guard.close();
  guard.pass([&] { ++calls; });
  EXPECT_EQ(calls, 1);
}

TEST(CallbackGuard, CloseWaitsForARunningCallback) {
  CallbackGuard guard;
  std::promise<void> started;
  std::promise<void> released;
  std::atomic<bool> ended = false;
  auto callback = std::async(std::launch::async, [&] {
    guard.pass([&] {
      started.set_value();
      released.get_future().wait();
      ended = true;
    });
  });
  started.get_future().wait();
  auto closing = std::async(std::launch::async, [&] {
    guard.close();
    return ended.load();
  });
  released.set_value();
  EXPECT_TRUE(closing.get());
}

// If the guard still counted the callback as running, close() would wait forever and the test would time out.
TEST(CallbackGuard, ACallbackThatThrowsHasEnded) {
  CallbackGuard guard;
  EXPECT_THROW(guard.pass([] { throw std::runtime_error("no memory for a message"); }), std::runtime_error);
  guard.close();
}

}  // namespace
}  // namespace clipseek::ros2

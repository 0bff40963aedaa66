#include "ros2/callback_guard.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>

namespace clipseek::ros2 {
namespace {

TEST(CallbackGuard, RunsNothingOnceItIsClosed) {
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
  std::promise<void> go_on;
  std::atomic<bool> ended = false;
  auto callback = std::async(std::launch::async, [&] {
    guard.pass([&] {
      started.set_value();
      go_on.get_future().wait();
      ended = true;
    });
  });
  started.get_future().wait();
  auto closing = std::async(std::launch::async, [&] {
    guard.close();
    return ended.load();
  });
  go_on.set_value();
  EXPECT_TRUE(closing.get());
}

// Without the count the last line waits for ever, and the test fails by its time limit.
TEST(CallbackGuard, ACallbackThatThrowsHasEnded) {
  CallbackGuard guard;
  EXPECT_THROW(guard.pass([] { throw std::runtime_error("no memory for a message"); }), std::runtime_error);
  guard.close();
}

}  // namespace
}  // namespace clipseek::ros2

#include "base/semaphore.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "base/parallel.h"

namespace clipseek::base {
namespace {

TEST(Semaphore, LimitsHowManyHoldAPermit) {
  Semaphore semaphore(2);
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  run_workers(8, [&](int) {
    for (int i = 0; i < 100; ++i) {
      Permit permit(semaphore);
      int now = ++inside;
      int before = most;
      while (before < now && !most.compare_exchange_weak(before, now)) {
      }
      --inside;
    }
  });
  EXPECT_LE(most, 2);
}

TEST(Semaphore, CloseEndsTheWait) {
  Semaphore semaphore(1);
  Permit held(semaphore);
  auto waiting = std::async(std::launch::async, [&]() -> std::string {
    try {
      Permit permit(semaphore);
    } catch (const Error& error) {
      return error.what();
    }
    return "acquired";
  });
  semaphore.close("the server is stopping");
  EXPECT_EQ(waiting.get(), "the server is stopping");
}

}  // namespace
}  // namespace clipseek::base

#include "base/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>

namespace clipseek::base {
namespace {

TEST(WorkerPool, RunsEveryTask) {
  std::atomic<int> sum = 0;
  std::promise<void> done;
  WorkerPool pool(3);
  for (int i = 1; i <= 100; ++i) {
    EXPECT_TRUE(pool.post([&, i] {
      if ((sum += i) == 5050) done.set_value();
    }));
  }
  done.get_future().wait();
}

TEST(WorkerPool, RefusesTasksBeyondItsQueue) {
  std::promise<void> started;
  std::promise<void> go_on;
  WorkerPool pool(1, 2);
  pool.post([&] {
    started.set_value();
    go_on.get_future().wait();
  });
  started.get_future().wait();
  EXPECT_TRUE(pool.post([] {}));
  EXPECT_TRUE(pool.post([] {}));
  EXPECT_FALSE(pool.post([] {}));
  EXPECT_EQ(pool.waiting(), 2U);
  go_on.set_value();
}

TEST(WorkerPool, StopFinishesWhatRunsAndDropsWhatWaits) {
  std::promise<void> started;
  std::promise<void> go_on;
  std::atomic<bool> finished = false;
  std::atomic<bool> second = false;
  auto token = std::make_shared<int>();
  std::weak_ptr<int> waiting = token;
  WorkerPool pool(1);
  pool.post([&] {
    started.set_value();
    go_on.get_future().wait();
    finished = true;
  });
  pool.post([&, token = std::move(token)] { second = true; });
  started.get_future().wait();
  auto stopping = std::async(std::launch::async, [&] { pool.stop(); });
  while (pool.post([] {})) std::this_thread::yield();  // until stop() has begun
  go_on.set_value();
  stopping.wait();
  EXPECT_TRUE(finished);
  EXPECT_FALSE(second);
  EXPECT_TRUE(waiting.expired());
}

}  // namespace
}  // namespace clipseek::base

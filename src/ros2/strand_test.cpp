#include "ros2/strand.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <string>

namespace clipseek::ros2 {
namespace {

TEST(Strand, RunsTasksInOrderAndOneAtATime) {
  std::vector<int> order;
  std::atomic<int> inside = 0;
  std::promise<void> done;
  base::WorkerPool pool(4);
  auto strand = std::make_shared<Strand>(pool, [](const std::string&) {});
  for (int i = 0; i < 500; ++i) {
    strand->post([&, i] {
      EXPECT_EQ(++inside, 1);
      order.push_back(i);
      --inside;
      if (i == 499) done.set_value();
    });
  }
  done.get_future().wait();
  for (int i = 0; i < 500; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(Strand, ReportsAnExceptionAndContinues) {
  std::promise<std::string> reported;
  std::promise<void> next;
  base::WorkerPool pool(1);
  auto strand = std::make_shared<Strand>(pool, [&](const std::string& error) { reported.set_value(error); });
  strand->post([] { throw std::runtime_error("oops"); });
  strand->post([&] { next.set_value(); });
  EXPECT_EQ(reported.get_future().get(), "oops");
  next.get_future().wait();
}

TEST(Strand, CloseWaitsForTheRunningTaskOnly) {
  base::WorkerPool pool(2);
  auto strand = std::make_shared<Strand>(pool, [](const std::string&) {});
  std::promise<void> started;
  std::promise<void> released;
  std::atomic<bool> ended = false;
  std::atomic<bool> second = false;
  strand->post([&] {
    started.set_value();
    released.get_future().wait();
    ended = true;
  });
  auto token = std::make_shared<int>();
  std::weak_ptr<int> waiting = token;
  strand->post([&, token = std::move(token)] { second = true; });
  started.get_future().wait();
  auto closing = std::async(std::launch::async, [&] { strand->close(); });
  while (!waiting.expired())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));  // until close() has dropped the second task
  released.set_value();
  closing.wait();
  EXPECT_TRUE(ended);
  pool.stop();
  EXPECT_FALSE(second);
}

TEST(Strand, MayBeClosedByItsOwnTask) {
  base::WorkerPool pool(1);
  auto strand = std::make_shared<Strand>(pool, [](const std::string&) {});
  std::promise<void> done;
  strand->post([&] {
    strand->close();
    done.set_value();
  });
  done.get_future().wait();
}

TEST(Timer, TicksUntilItIsDestroyed) {
  std::promise<void> third;
  std::atomic<int> ticks = 0;
  Timer timer(std::chrono::milliseconds(1), [&] {
    if (++ticks == 3) third.set_value();
  });
  third.get_future().wait();
}

TEST(Timer, LeavesOutTheTicksThatASlowTickMissed) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kPeriod{20};
  std::promise<Clock::duration> fifth;
  Clock::time_point slow_end;
  int ticks = 0;
  Timer timer(kPeriod, [&] {
    ++ticks;
    if (ticks == 1) {
      std::this_thread::sleep_for(20 * kPeriod);
      slow_end = Clock::now();
    }
    if (ticks == 5) fifth.set_value(Clock::now() - slow_end);
  });
  EXPECT_GE(fifth.get_future().get(), 3 * kPeriod);  // the second began at once
}

TEST(Timer, LogsAnExceptionAndContinues) {
  testing::internal::CaptureStderr();
  {
    std::promise<void> second;
    std::atomic<int> ticks = 0;
    Timer timer(std::chrono::milliseconds(1), [&] {
      if (++ticks == 1) throw std::runtime_error("oops");
      if (ticks == 2) second.set_value();
    });
    second.get_future().wait();
  }
  EXPECT_NE(testing::internal::GetCapturedStderr().find("a periodic task failed: oops"), std::string::npos);
}

}  // namespace
}  // namespace clipseek::ros2

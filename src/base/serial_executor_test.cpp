#include "base/serial_executor.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "base/parallel.h"

namespace clipseek::base {
namespace {

TEST(SerialExecutor, RunsAllWorkOnOneThreadThatIsNotACallers) {
  SerialExecutor executor;
  std::set<std::thread::id> callers;
  std::set<std::thread::id> workers;
  std::mutex mutex;
  int sum = 0;  // only the executor's thread accesses it
  run_workers(8, [&](int worker) {
    for (int i = 0; i < 50; ++i) {
      executor.run([&] {
        sum += worker;
        workers.insert(std::this_thread::get_id());
      });
    }
    std::lock_guard lock(mutex);
    callers.insert(std::this_thread::get_id());
  });
  EXPECT_EQ(sum, 50 * (0 + 1 + 2 + 3 + 4 + 5 + 6 + 7));
  ASSERT_EQ(workers.size(), 1U);
  EXPECT_FALSE(callers.contains(*workers.begin()));
}

TEST(SerialExecutor, RethrowsWhatTheWorkThrowsAndRunsFurtherWork) {
  SerialExecutor executor;
  EXPECT_THROW(executor.run([] { throw std::runtime_error("no"); }), std::runtime_error);
  bool done = false;
  executor.run([&] { done = true; });
  EXPECT_TRUE(done);
}

TEST(SerialExecutor, CanBeDestroyedWithoutAnyWork) {
  SerialExecutor executor;
}

}  // namespace
}  // namespace clipseek::base

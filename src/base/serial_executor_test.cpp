#include "base/serial_executor.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "base/parallel.h"

namespace clipseek::base {
namespace {

TEST(SerialExecutor, DoesAllWorkOnOneThreadThatIsNoneOfTheCallers) {
  SerialExecutor side;
  std::set<std::thread::id> callers;
  std::set<std::thread::id> workers;
  std::mutex mutex;
  int sum = 0;  // of the side thread alone
  run_workers(8, [&](int worker) {
    for (int i = 0; i < 50; ++i) {
      side.run([&] {
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

TEST(SerialExecutor, ThrowsWhatTheWorkThrewAndGoesOn) {
  SerialExecutor side;
  EXPECT_THROW(side.run([] { throw std::runtime_error("no"); }), std::runtime_error);
  bool done = false;
  side.run([&] { done = true; });
  EXPECT_TRUE(done);
}

TEST(SerialExecutor, EndsWithoutEverHavingWorked) {
  SerialExecutor side;
}

}  // namespace
}  // namespace clipseek::base

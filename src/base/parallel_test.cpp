#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace clipseek::base {
namespace {

TEST(RunWorkers, RunsEachWorkerOnce) {
  std::atomic<int> sum = 0;
  run_workers(5, [&](int worker) { sum += 1 << worker; });
  EXPECT_EQ(sum, 31);
}

TEST(RunWorkers, RethrowsAfterAllHaveEnded) {
  std::atomic<int> ended = 0;
  EXPECT_THROW(run_workers(4,
                           [&](int worker) {
                             if (worker == 2) throw std::runtime_error("stop");
                             ++ended;
                           }),
               std::runtime_error);
  EXPECT_EQ(ended, 3);
}

TEST(AvailableCores, IsAtLeastOne) {
  EXPECT_GE(available_cores(), 1);
}

}  // namespace
}  // namespace clipseek::base

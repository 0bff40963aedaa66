// What happens where the system refuses to start a thread. Each test limits the memory of a process of its own, so that
// the stacks of a few threads fit.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <fstream>

#include "base/parallel.h"
#include "base/worker_pool.h"
#include "clipseek/error.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // their shadow memory exceeds every such limit

namespace clipseek::base {
namespace {

constexpr int kThreads = 1000;

void limit_memory() {
  constexpr rlim_t kMore = 64 << 20;
  rlim_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlim_t bytes = pages * 4096 + kMore;
  const rlimit limit{bytes, bytes};
  setrlimit(RLIMIT_AS, &limit);
}

[[noreturn]] void exit_with(bool good) {
  std::_Exit(good ? 0 : 1);
}

void start_pool() {
  limit_memory();
  try {
    WorkerPool pool(kThreads);
  } catch (const Error& error) {
    exit_with(error.code() == ErrorCode::kUnavailable);
  }
  exit_with(false);
}

void run_on_many_threads() {
  limit_memory();
  std::atomic<int> calls = 0;
  run_workers(kThreads, [&](int) { ++calls; });
  exit_with(calls == kThreads);
}

TEST(ThreadLimit, APoolThatCannotStartIsAnError) {
  EXPECT_EXIT(start_pool(), testing::ExitedWithCode(0), "");
}

TEST(ThreadLimit, TheCallingThreadDoesTheWorkOfMissingThreads) {
  EXPECT_EXIT(run_on_many_threads(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace clipseek::base

#endif

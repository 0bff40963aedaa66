#include "base/parallel.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <fstream>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace clipseek::base {
namespace {

// cgroup v2 writes "max 100000" or "QUOTA PERIOD" here (kernel Documentation/admin-guide/cgroup-v2.rst, cpu.max).
int cgroup_cores(int limit) {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0) return limit;
  double cores = std::ceil(std::strtod(quota.c_str(), nullptr) / period);
  return cores >= 1 ? std::min(limit, static_cast<int>(cores)) : limit;
}

}  // namespace

int available_cores() {
  int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) cores = std::max(1, CPU_COUNT(&set));
  return cgroup_cores(cores);
}

void run_workers(int workers, const std::function<void(int worker)>& work) {
  std::mutex mutex;
  std::exception_ptr first;
  auto guarded = [&](int worker) {
    try {
      work(worker);
    } catch (...) {
      std::lock_guard lock(mutex);
      if (!first) first = std::current_exception();
    }
  };
  std::vector<std::jthread> threads;
  int started = 1;
  try {
    for (; started < workers; ++started) threads.emplace_back(guarded, started);
  } catch (const std::system_error&) {
    // The process may have no more threads: this thread does the work of those that are missing.
  }
  guarded(0);
  for (int worker = started; worker < workers; ++worker) guarded(worker);
  threads.clear();  // joins
  if (first) std::rethrow_exception(first);
}

}  // namespace clipseek::base

// Runs the same work on several threads until it is done.
#pragma once

#include <functional>

namespace clipseek::base {

// Returns how many threads this process can run at once, at least 1: the number of CPUs in its affinity mask, limited
// in a container by its cgroup v2 CPU quota, rounded up.
int available_cores();

// Calls `work(worker)` once on each of `workers` threads (worker = 0 ... workers-1; 0 is the calling thread) and
// returns when all calls have returned. Where the system starts fewer threads, the calling thread does the rest.
// Rethrows the first exception after all threads have ended. A failed call does not stop the others; if they must stop,
// `work` has to do that itself.
void run_workers(int workers, const std::function<void(int worker)>& work);

}  // namespace clipseek::base

// Running the same work on several threads until it is done.
#pragma once

#include <functional>

namespace clipseek::base {

// How many threads this process may run at once: its CPU affinity and, in a container, its cgroup v2 CPU quota rounded
// up. At least 1.
int available_cores();

// Calls `work(worker)` once on each of `workers` threads (worker = 0 ... workers-1; 0 is the calling thread) and
// returns when all have returned. The first exception is rethrown here after all have ended; `work` must itself notice
// that others failed if it would otherwise run on.
void run_workers(int workers, const std::function<void(int worker)>& work);

}  // namespace clipseek::base

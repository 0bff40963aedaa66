// Answers concurrent queries in one pass over the vectors. Internal to catalog/.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "catalog/library_snapshot.h"

namespace clipseek::catalog {

// Queries that arrive during a pass are queued for the next one: a single query starts at once, and under load the
// vectors are read once for many queries. The thread of one of the queued queries runs the pass for all of them.
class ScanBatch {
 public:
  using Current = std::function<std::shared_ptr<const LibrarySnapshot>()>;
  ScanBatch(Current current, int threads) : current_(std::move(current)), threads_(threads) {}

  struct Result {
    std::vector<search::Scored> scored;  // in the order of TopK::take
    std::shared_ptr<const LibrarySnapshot> snapshot;
  };
  // `query` must have the snapshot's dimension. Any thread.
  Result scan(std::span<const float> query, std::size_t k);

 private:
  struct Waiting {
    search::NearestQuery query;
    Result result;
    std::exception_ptr error;
    bool done = false;
  };
  void run_pass(const std::vector<Waiting*>& batch);

  Current current_;
  int threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting*> queue_;
  bool pass_running_ = false;
};

}  // namespace clipseek::catalog

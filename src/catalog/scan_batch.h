// Queries that come at the same time are answered in one pass over the vectors. Internal to catalog/.
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

// While one pass runs, further queries gather for the next: a lone query waits for nobody, and under load the vectors
// are read once for many. The thread of one of the waiting queries does the pass for all of them.
class ScanBatch {
 public:
  using Current = std::function<std::shared_ptr<const LibrarySnapshot>()>;
  ScanBatch(Current current, int threads) : current_(std::move(current)), threads_(threads) {}

  struct Result {
    std::vector<search::Scored> scored;  // as TopK::take gives them
    std::shared_ptr<const LibrarySnapshot> snapshot;
  };
  // Any thread; `query` has the snapshot's dimension.
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
  bool passing_ = false;
};

}  // namespace clipseek::catalog

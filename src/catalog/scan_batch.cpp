#include "catalog/scan_batch.h"

#include <algorithm>

namespace clipseek::catalog {
namespace {

constexpr std::size_t kMaxQueriesPerPass = 32;

}  // namespace

ScanBatch::Result ScanBatch::scan(std::span<const float> query, std::size_t k) {
  Waiting own{.query = {query, k}, .result = {}, .error = nullptr};
  std::unique_lock lock(mutex_);
  queue_.push_back(&own);
  while (!own.done) {
    if (pass_running_) {
      changed_.wait(lock);
      continue;
    }
    std::size_t count = std::min(queue_.size(), kMaxQueriesPerPass);
    std::vector<Waiting*> batch(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
    pass_running_ = true;
    lock.unlock();
    run_pass(batch);
    lock.lock();
    pass_running_ = false;
    for (Waiting* waiting : batch) waiting->done = true;
    changed_.notify_all();
  }
  if (own.error) std::rethrow_exception(own.error);
  return std::move(own.result);
}

void ScanBatch::run_pass(const std::vector<Waiting*>& batch) {
  try {
    std::shared_ptr<const LibrarySnapshot> snapshot = current_();
    std::vector<const search::VectorMatrix*> matrices;
    for (const auto& block : snapshot->blocks) matrices.push_back(&block->matrix);
    std::vector<search::NearestQuery> queries;
    for (const Waiting* waiting : batch) queries.push_back(waiting->query);
    auto results = search::nearest_of_many(matrices, queries, threads_);
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i]->result = {std::move(results[i]), snapshot};
  } catch (...) {
    for (Waiting* waiting : batch) waiting->error = std::current_exception();
  }
}

}  // namespace clipseek::catalog

// Counts what an index run does and reports it to the caller. Internal to catalog/.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "clipseek/catalog.h"

namespace clipseek::catalog {

// The results that one committed transaction stored.
struct StoredBatch {
  std::size_t added = 0;
  std::size_t updated = 0;
  std::size_t unchanged = 0;
  std::size_t moved = 0;
  std::vector<IndexFailure> failures;
};

// Counts events and calls the caller's callbacks, one call at a time. Thread-safe.
class IndexEvents {
 public:
  explicit IndexEvents(const IndexOptions& options) : options_(options) {}

  // Polls the caller's stop token; once true, always true.
  bool stopped();

  void found_unchanged();
  void found_to_encode();
  // A failure that the scan found: a folder that cannot be read, or a picture that an earlier run stored as bad.
  void found_failure(const IndexFailure& failure);
  void scan_ended();
  void stored(const StoredBatch& batch);
  void removed(const std::string& path);

  IndexReport report();

 private:
  void report_failure(const IndexFailure& failure);
  void report_progress(bool even_if_recent);

  const IndexOptions& options_;
  std::mutex mutex_;
  bool stopped_ = false;
  IndexReport report_;
  IndexProgress progress_;
  std::chrono::steady_clock::time_point last_reported_;
  std::chrono::steady_clock::time_point started_at_ = std::chrono::steady_clock::now();
};

}  // namespace clipseek::catalog

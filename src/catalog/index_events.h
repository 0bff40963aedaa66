// What an index run counts and tells its caller. Internal to catalog/.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "clipseek/catalog.h"

namespace clipseek::catalog {

// What one committed transaction did.
struct StoredBatch {
  std::size_t added = 0;
  std::size_t updated = 0;
  std::size_t unchanged = 0;
  std::size_t moved = 0;
  std::vector<IndexFailure> failures;
};

// Counts, and calls the caller's functions one at a time. Any thread.
class IndexEvents {
 public:
  explicit IndexEvents(const IndexOptions& options) : options_(options) {}

  // Polls the caller's `stop`; once true, always true.
  bool stopped();

  void found_unchanged();
  void found_to_encode();
  // A failure that the scan met: a folder that cannot be read, or a picture remembered as bad.
  void found_failure(const IndexFailure& failure);
  void scan_ended();
  void stored(const StoredBatch& batch);
  void removed(const std::string& path);

  IndexReport report();

 private:
  void tell_failure(const IndexFailure& failure);
  void tell_progress(bool even_if_recent);

  const IndexOptions& options_;
  std::mutex mutex_;
  bool stopped_ = false;
  IndexReport report_;
  IndexProgress progress_;
  std::chrono::steady_clock::time_point told_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace clipseek::catalog

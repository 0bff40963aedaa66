#include "catalog/index_events.h"

namespace clipseek::catalog {

bool IndexEvents::stopped() {
  std::lock_guard lock(mutex_);
  stopped_ = stopped_ || options_.stop.stop_requested();
  return stopped_;
}

void IndexEvents::found_unchanged() {
  std::lock_guard lock(mutex_);
  ++progress_.found;
  ++report_.unchanged;
  report_progress(false);
}

void IndexEvents::found_to_encode() {
  std::lock_guard lock(mutex_);
  ++progress_.found;
  ++progress_.to_encode;
  report_progress(false);
}

void IndexEvents::found_failure(const IndexFailure& failure) {
  std::lock_guard lock(mutex_);
  ++progress_.found;
  report_failure(failure);
  report_progress(false);
}

void IndexEvents::scan_ended() {
  std::lock_guard lock(mutex_);
  progress_.scanning = false;
  report_progress(true);
}

void IndexEvents::stored(const StoredBatch& batch) {
  std::lock_guard lock(mutex_);
  report_.added += batch.added;
  report_.updated += batch.updated;
  report_.unchanged += batch.unchanged;
  report_.moved += batch.moved;
  progress_.encoded += batch.added + batch.updated + batch.unchanged + batch.moved + batch.failures.size();
  for (const IndexFailure& failure : batch.failures) report_failure(failure);
  report_progress(true);
}

void IndexEvents::removed(const std::string& path) {
  std::lock_guard lock(mutex_);
  ++report_.removed;
  if (options_.removed) options_.removed(path);
}

IndexReport IndexEvents::report() {
  std::lock_guard lock(mutex_);
  report_.stopped = stopped_;
  report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_at_).count();
  return report_;
}

void IndexEvents::report_failure(const IndexFailure& failure) {
  ++report_.failed;
  ++progress_.failed;
  if (options_.failure) options_.failure(failure);
}

void IndexEvents::report_progress(bool even_if_recent) {
  auto now = std::chrono::steady_clock::now();
  if (!options_.progress || (!even_if_recent && now - last_reported_ < std::chrono::milliseconds(100))) return;
  last_reported_ = now;
  options_.progress(progress_);
}

}  // namespace clipseek::catalog

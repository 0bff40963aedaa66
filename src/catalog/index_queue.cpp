#include "catalog/index_queue.h"

#include <utility>

namespace clipseek::catalog {

void IndexQueue::push(FoundFile file) {
  std::lock_guard lock(mutex_);
  if (closed_) return;
  files_.push_back(std::move(file));
  changed_.notify_one();
}

std::optional<FoundFile> IndexQueue::pop() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !files_.empty() || closed_; });
  if (error_) std::rethrow_exception(error_);
  if (files_.empty()) return std::nullopt;
  FoundFile file = std::move(files_.front());
  files_.pop_front();
  return file;
}

void IndexQueue::close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

void IndexQueue::fail(std::exception_ptr error) {
  std::lock_guard lock(mutex_);
  error_ = std::move(error);
  closed_ = true;
  changed_.notify_all();
}

void IndexQueue::abandon() {
  std::lock_guard lock(mutex_);
  files_.clear();
  closed_ = true;
  abandoned_ = true;
  changed_.notify_all();
}

bool IndexQueue::empty() {
  std::lock_guard lock(mutex_);
  return files_.empty();
}

bool IndexQueue::abandoned() {
  std::lock_guard lock(mutex_);
  return abandoned_;
}

}  // namespace clipseek::catalog

// The queue of files from the scan to the threads that read them. Internal to catalog/.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>

#include "catalog/picture_scan.h"

namespace clipseek::catalog {

// The queue is not bounded, so that the scan can run ahead and count the files to encode; an entry takes about 150
// bytes. Thread-safe.
class IndexQueue {
 public:
  void push(FoundFile file);
  // Returns the next file; waits while the queue is empty and not closed. std::nullopt when it is closed and empty.
  // Rethrows the error that was passed to fail().
  std::optional<FoundFile> pop();

  void close();  // no further files will be pushed
  void fail(std::exception_ptr error);
  void abandon();  // discards the remaining files and closes the queue
  bool empty();
  bool abandoned();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<FoundFile> files_;
  bool closed_ = false;
  bool abandoned_ = false;
  std::exception_ptr error_;
};

}  // namespace clipseek::catalog

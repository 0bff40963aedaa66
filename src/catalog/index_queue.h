// The files between the scan and the threads that read them. Internal to catalog/.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>

#include "catalog/picture_scan.h"

namespace clipseek::catalog {

// Not bounded, so that the scan can run ahead and tell how much there is to do: some 150 bytes a file. Any thread.
class IndexQueue {
 public:
  void push(FoundFile file);
  // The next file; waits while there is none and more may come. Nothing after close() or abandon(). Rethrows what
  // fail() was given.
  std::optional<FoundFile> pop();

  void close();  // no more will come
  void fail(std::exception_ptr error);
  void abandon();  // nobody wants the rest
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

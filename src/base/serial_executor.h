// One thread for the work of many.
#pragma once

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

namespace clipseek::base {

// Does what it is given, one piece after the other. For work that leaves something behind in its thread: OpenMP makes a
// team of threads for each thread that ever asked for one, and keeps it as long as that thread lives.
class SerialExecutor {
 public:
  SerialExecutor() = default;
  ~SerialExecutor();  // nobody may be in run() any more
  SerialExecutor(const SerialExecutor&) = delete;
  SerialExecutor& operator=(const SerialExecutor&) = delete;

  // Runs `work` there and returns when it is done; what it throws is thrown here. Any thread but that one itself. The
  // thread begins with the first call.
  void run(const std::function<void()>& work);

 private:
  void serve();

  std::mutex turn_;  // held by the caller whose work it is
  std::mutex mutex_;
  std::condition_variable changed_;
  std::packaged_task<void()> work_;  // valid while there is some to begin
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace clipseek::base

// A child process whose stdout and stderr are read through pipes.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace clipseek::cli {

class ChildProcess {
 public:
  // Starts the file `program` in its own process group (a terminal's Ctrl-C does not reach it), with an empty stdin and
  // default handling of all signals. The kernel sends it SIGTERM if this process dies. Must be called while this
  // process has a single thread, because the kernel watches the calling thread. Throws Error kUnreadable if the program
  // cannot be run, kLimitExceeded if the system cannot start another process.
  ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments);
  // Kills the process if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  // The non-blocking read ends of the pipes from its stdout and stderr.
  int out() const { return out_.get(); }
  int err() const { return err_.get(); }

  // Returns its exit code, or the negative number of the signal that ended it; std::nullopt while it runs.
  std::optional<int> exit_code();
  // Sends a signal; does nothing after the process has ended.
  void send(int signal);

 private:
  pid_t pid_ = -1;
  base::UniqueFd out_;
  base::UniqueFd err_;
  std::optional<int> exit_code_;
};

}  // namespace clipseek::cli

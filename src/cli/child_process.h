// A program started by clipseek, with what it writes in two pipes.
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
  // Starts `program`, found as a path, in a process group of its own (a terminal's Ctrl-C does not reach it), with
  // nothing to read on stdin, no signal blocked and none ignored. It is sent SIGTERM should this process die. Call it
  // while the process has one thread: that thread's end counts as the death. Throws Error kUnreadable where the program
  // cannot be run, kLimitExceeded where the system has no room for it.
  ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments);
  // Kills it where it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  // Where its stdout and stderr can be read; non-blocking.
  int out() const { return out_.get(); }
  int err() const { return err_.get(); }

  // Its exit code, or less than zero the signal that ended it; nothing while it runs.
  std::optional<int> exit_code();
  // Does nothing once it has ended.
  void send(int signal);

 private:
  pid_t pid_ = -1;
  base::UniqueFd out_;
  base::UniqueFd err_;
  std::optional<int> exit_code_;
};

}  // namespace clipseek::cli

// Runs several programs at the same time, as `ros2 launch` does: every line of their output is prefixed with the name
// of its process, and they are stopped together.
#pragma once

#include <chrono>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace clipseek::cli {

struct ProcessStart {
  std::string name;  // "[name-1]" begins the lines of the first process
  std::filesystem::path program;
  std::vector<std::string> arguments;
};

struct LaunchOptions {
  bool ends_with_last = false;  // when the last process of the list has ended, the others are stopped
  // A process is stopped with SIGINT, after sigterm_timeout with SIGTERM, and after sigkill_timeout more with SIGKILL.
  std::chrono::duration<double> sigterm_timeout{5};
  std::chrono::duration<double> sigkill_timeout{5};
};

// Starts all processes and returns when all have ended; they also end if this process is killed (see ChildProcess).
// SIGINT, SIGTERM, SIGHUP and SIGQUIT stop them, except for signals that this process ignores. All output goes to
// `out`, with the messages of `ros2 launch`. Must be called while this process has a single thread.
//
// Returns the exit status of `ros2 launch` with our launch file: 0 if all processes ended by themselves, whatever their
// exit codes, or after SIGINT; 1 after another signal, or if ends_with_last is set and the last process failed. Throws
// Error as ChildProcess does, after the processes that were started have been stopped.
int launch_processes(const std::vector<ProcessStart>& starts, const LaunchOptions& options, std::ostream& out);

}  // namespace clipseek::cli

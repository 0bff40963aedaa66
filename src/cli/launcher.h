// Runs several programs side by side, as `ros2 launch` does: each line they write comes out behind the name of its
// process, and they end together.
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
  // To stop a process: SIGINT, after this long SIGTERM, after this long again SIGKILL.
  std::chrono::duration<double> sigterm_timeout{5};
  std::chrono::duration<double> sigkill_timeout{5};
};

// Starts all, and comes back when all have ended; nothing of them is left then, nor where this process is killed (see
// ChildProcess). SIGINT, and SIGTERM, SIGHUP and SIGQUIT, stop them; those that are ignored stay ignored. Everything is
// written to `out`, with the words of `ros2 launch`. To be called while the process has one thread.
//
// Returns an exit status, as `ros2 launch` with our launch file does: 0 where all ended by themselves, whatever their
// exit codes, or after SIGINT; 1 after another signal, or where ends_with_last is set and the last process failed.
// Throws what ChildProcess throws, with what had been started stopped before.
int launch_processes(const std::vector<ProcessStart>& starts, const LaunchOptions& options, std::ostream& out);

}  // namespace clipseek::cli

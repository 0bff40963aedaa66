#include "cli/launcher.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <memory>
#include <optional>

#include "base/system_error.h"
#include "cli/child_process.h"
#include "cli/line_buffer.h"
#include "cli/text_layout.h"
#include "clipseek/error.h"

namespace clipseek::cli {
namespace {

using Clock = std::chrono::steady_clock;

// While it exists, the signals that stop a launch and those of ended children are delivered through a file descriptor.
class SignalQueue {
 public:
  SignalQueue() {
    ::sigaction(SIGCHLD, nullptr, &child_action_);
    ::signal(SIGCHLD, SIG_DFL);  // if the parent process ignored it, children could not be waited for
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGCHLD);
    for (int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
      struct sigaction now {};
      ::sigaction(number, nullptr, &now);
      if (now.sa_handler != SIG_IGN) ::sigaddset(&set, number);
    }
    ::sigprocmask(SIG_BLOCK, &set, &previous_);
    descriptor_ = base::UniqueFd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (descriptor_.get() < 0) throw base::system_error("open", "a signal descriptor", errno);
  }
  ~SignalQueue() {
    ::sigprocmask(SIG_SETMASK, &previous_, nullptr);
    ::sigaction(SIGCHLD, &child_action_, nullptr);
  }
  SignalQueue(const SignalQueue&) = delete;
  SignalQueue& operator=(const SignalQueue&) = delete;

  int descriptor() const { return descriptor_.get(); }
  // Returns the number of the next signal, 0 if none is pending.
  int take() {
    signalfd_siginfo info{};
    return ::read(descriptor_.get(), &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
  }

 private:
  struct sigaction child_action_ {};
  sigset_t previous_{};
  base::UniqueFd descriptor_;
};

const char* signal_name(int number) {
  switch (number) {
    case SIGINT:
      return "SIGINT";
    case SIGTERM:
      return "SIGTERM";
    case SIGKILL:
      return "SIGKILL";
    case SIGHUP:
      return "SIGHUP";
    default:
      return "SIGQUIT";
  }
}

// The signals that end a process, in the order in which they are tried.
constexpr std::array kEscalation = {SIGINT, SIGTERM, SIGKILL};

constexpr std::size_t kMaxPipeBytes = 1 << 20;  // for unprivileged processes, see pipe(7)

struct Stream {
  int descriptor = -1;  // negative: the stream has ended
  LineBuffer lines;
};

struct Running {
  std::string name;
  std::string command;
  std::unique_ptr<ChildProcess> process;
  std::array<Stream, 2> streams;
  bool ended = false;
  std::size_t tried = 0;   // how many signals of kEscalation were sent
  Clock::time_point next;  // when the next one is due
};

class Launcher {
 public:
  Launcher(const LaunchOptions& options, std::ostream& out) : options_(options), out_(out) {}

  int run(const std::vector<ProcessStart>& starts) {
    try {
      for (const ProcessStart& start : starts) this->start(start);
    } catch (const Error&) {
      stop_all();
      supervise();
      throw;
    }
    supervise();
    return status_;
  }

 private:
  void log(const char* level, const std::string& name, const std::string& message) {
    out_ << "[" << level << "] [" << name << "]: " << message << "\n";
  }

  void start(const ProcessStart& start) {
    Running running;
    running.name = start.name + "-" + std::to_string(processes_.size() + 1);
    running.command = start.program.string();
    for (const std::string& argument : start.arguments) running.command += " " + argument;
    running.process = std::make_unique<ChildProcess>(start.program, start.arguments);
    running.streams[0].descriptor = running.process->out();
    running.streams[1].descriptor = running.process->err();
    log("INFO", running.name, "process started with pid [" + std::to_string(running.process->pid()) + "]");
    processes_.push_back(std::move(running));
  }

  void supervise() {
    auto runs = [](const Running& running) { return !running.ended; };
    while (std::any_of(processes_.begin(), processes_.end(), runs)) {
      out_.flush();
      wait();
      while (int number = signals_.take()) {
        if (number != SIGCHLD) on_signal(number);
      }
      for (Running& running : processes_) {
        if (!running.ended) check(running);
      }
    }
    out_.flush();
  }

  void wait() {
    std::vector<pollfd> sources = {{signals_.descriptor(), POLLIN, 0}};
    int timeout = -1;
    for (const Running& running : processes_) {
      if (running.ended) continue;
      for (const Stream& stream : running.streams) {
        if (stream.descriptor >= 0) sources.push_back({stream.descriptor, POLLIN, 0});
      }
      if (running.tried == 0 || running.tried == kEscalation.size()) continue;
      auto left = std::chrono::ceil<std::chrono::milliseconds>(running.next - Clock::now()).count();
      int due = static_cast<int>(std::max<decltype(left)>(left, 0));
      timeout = timeout < 0 ? due : std::min(timeout, due);
    }
    ::poll(sources.data(), sources.size(), timeout);
  }

  void check(Running& running) {
    // The exit code is queried first: after the end of a process its whole output is in the pipes, and it is printed
    // before the message about the end.
    std::optional<int> code = running.process->exit_code();
    for (Stream& stream : running.streams) read(running, stream, code.has_value());
    if (code) {
      on_end(running, *code);
    } else if (running.tried > 0 && running.tried < kEscalation.size() && Clock::now() >= running.next) {
      escalate(running);
    }
  }

  // Reads the available output. After the end of a process it reads at most the capacity of a pipe, which contains all
  // of its remaining output: another process may have inherited the pipe and may write to it forever.
  void read(const Running& running, Stream& stream, bool all) {
    auto print = [&](std::string_view line) { out_ << "[" << running.name << "] " << line << "\n"; };
    std::array<char, 1 << 14> bytes;
    ssize_t count = 0;
    std::size_t left = all ? kMaxPipeBytes : 1;
    do {
      count = stream.descriptor < 0 ? 0 : ::read(stream.descriptor, bytes.data(), bytes.size());
      if (count <= 0) break;
      stream.lines.append({bytes.data(), static_cast<std::size_t>(count)}, print);
      left -= std::min(left, static_cast<std::size_t>(count));
    } while (left > 0);
    bool at_end = count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
    if (at_end) stream.descriptor = -1;
    if (at_end || all) stream.lines.finish(print);
  }

  void on_end(Running& running, int code) {
    running.ended = true;
    std::string pid = std::to_string(running.process->pid());
    if (code == 0) {
      log("INFO", running.name, "process has finished cleanly [pid " + pid + "]");
    } else {
      log("ERROR", running.name,
          "process has died [pid " + pid + ", exit code " + std::to_string(code) + ", cmd '" +
              printable(running.command) + "'].");
    }
    if (!options_.ends_with_last || &running != &processes_.back() || stopping_) return;
    if (code != 0) {
      log("ERROR", "launch", running.name + " ended with exit code " + std::to_string(code));
      status_ = 1;
    }
    stop_all();
  }

  void on_signal(int number) {
    if (number != SIGINT) {
      log("ERROR", "launch", std::string("stopped by ") + signal_name(number));
      status_ = 1;
    } else {
      log("WARNING", "launch",
          std::string("user interrupted with ctrl-c (SIGINT)") + (stopping_ ? " again, ignoring..." : ""));
    }
    if (!stopping_) stop_all();
  }

  void stop_all() {
    stopping_ = true;
    for (Running& running : processes_) {
      if (!running.ended && running.tried == 0) try_next_signal(running);
    }
  }

  void escalate(Running& running) {
    auto waited = options_.sigterm_timeout;
    if (running.tried == 2) waited += options_.sigkill_timeout;
    log("ERROR", running.name,
        "process[" + running.name + "] failed to terminate '" + seconds_text(waited) + "' seconds after receiving '" +
            signal_name(kEscalation[running.tried - 1]) + "', escalating to '" +
            signal_name(kEscalation[running.tried]) + "'");
    try_next_signal(running);
  }

  void try_next_signal(Running& running) {
    int number = kEscalation[running.tried++];
    log("INFO", running.name,
        std::string("sending signal '") + signal_name(number) + "' to process[" + running.name + "]");
    running.process->send(number);
    auto wait = running.tried == 1 ? options_.sigterm_timeout : options_.sigkill_timeout;
    running.next = Clock::now() + std::chrono::ceil<Clock::duration>(wait);
  }

  static std::string seconds_text(std::chrono::duration<double> seconds) {
    double whole = std::round(seconds.count());
    return format_decimal(seconds.count(), whole == seconds.count() ? 0 : 3);
  }

  const LaunchOptions options_;
  std::ostream& out_;
  SignalQueue signals_;
  std::vector<Running> processes_;
  bool stopping_ = false;
  int status_ = 0;
};

}  // namespace

int launch_processes(const std::vector<ProcessStart>& starts, const LaunchOptions& options, std::ostream& out) {
  return Launcher(options, out).run(starts);
}

}  // namespace clipseek::cli

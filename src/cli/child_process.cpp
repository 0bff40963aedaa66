#include "cli/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/system_error.h"
#include "clipseek/error.h"

namespace clipseek::cli {
namespace {

struct Pipe {
  base::UniqueFd read;
  base::UniqueFd write;

  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw base::system_error("open", "a pipe", errno);
    read = base::UniqueFd(ends[0]);
    write = base::UniqueFd(ends[1]);
  }
};

// What the new process needs before exec. It is prepared before fork, because no memory may be allocated after it.
struct Start {
  const char* program;
  char* const* arguments;
  pid_t parent;
  int in;
  int out;
  int err;
  int failure;  // the pipe for the errno of a failed exec
};

void reset_signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &action, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Runs in the new process, between fork and exec.
[[noreturn]] void become_program(const Start& start) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != start.parent) ::_exit(127);  // the parent died before the call of prctl
  reset_signals();
  ::dup2(start.in, STDIN_FILENO);
  ::dup2(start.out, STDOUT_FILENO);
  ::dup2(start.err, STDERR_FILENO);
  ::execv(start.program, start.arguments);
  int number = errno;
  [[maybe_unused]] ssize_t written = ::write(start.failure, &number, sizeof number);
  ::_exit(127);
}

// Returns the errno of a failed exec; 0 if exec succeeded, which closes the pipe.
int wait_for_exec(int descriptor) {
  int number = 0;
  ssize_t count = 0;
  do {
    count = ::read(descriptor, &number, sizeof number);
  } while (count < 0 && errno == EINTR);
  return count == sizeof number ? number : 0;
}

void set_non_blocking(int descriptor) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

}  // namespace

ChildProcess::ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  base::UniqueFd in(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  Pipe out;
  Pipe err;
  Pipe failure;
  Start start{words.front().c_str(), pointers.data(), ::getpid(),         in.get(),
              out.write.get(),       err.write.get(), failure.write.get()};
  pid_ = ::fork();
  if (pid_ < 0) throw Error(ErrorCode::kLimitExceeded, base::system_error("start", words.front(), errno).what());
  if (pid_ == 0) become_program(start);
  failure.write = base::UniqueFd();
  if (int number = wait_for_exec(failure.read.get()); number != 0) {
    ::waitpid(pid_, nullptr, 0);
    throw Error(ErrorCode::kUnreadable, base::system_error("run", words.front(), number).what());
  }
  out_ = std::move(out.read);
  err_ = std::move(err.read);
  set_non_blocking(out_.get());
  set_non_blocking(err_.get());
}

ChildProcess::~ChildProcess() {
  if (exit_code()) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::optional<int> ChildProcess::exit_code() {
  if (exit_code_) return exit_code_;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return exit_code_;
}

void ChildProcess::send(int signal) {
  if (!exit_code()) ::kill(pid_, signal);
}

}  // namespace clipseek::cli

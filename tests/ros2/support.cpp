#include "support.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

extern char** environ;

// Fast DDS 2.9.1 leaks what it has made when it refuses a participant with invalid security files. The stacks of what
// OpenSSL allocated for it end in libcrypto. The leak sanitizer calls this function.
extern "C" const char* __lsan_default_suppressions();   // NOLINT
extern "C" const char* __lsan_default_suppressions() {  // NOLINT
  return "leak:eprosima::fastrtps::rtps::security\nleak:libcrypto.so\n";
}

namespace clipseek::ros2 {

// The name of an abstract Unix socket serves as a lock: it is released when the process ends and leaves no file. The
// ports of domains up to 100 are below the ephemeral ports of Linux.
void take_domain() {
  static bool taken = false;
  if (taken) return;
  int lock = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  for (int attempt = 0; attempt < 100 && !taken; ++attempt) {
    std::string domain = std::to_string(1 + (static_cast<int>(getpid()) + attempt) % 100);
    std::string name = "clipseek_ros_domain_" + domain;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path + 1, sizeof(address.sun_path) - 1);  // the first byte stays 0: abstract
    taken = ::bind(lock, reinterpret_cast<const sockaddr*>(&address),
                   static_cast<socklen_t>(sizeof(sa_family_t) + 1 + name.size())) == 0;
    if (taken) setenv("ROS_DOMAIN_ID", domain.c_str(), 1);
  }
  ASSERT_TRUE(taken) << "no free domain";
  setenv("ROS_LOCALHOST_ONLY", "1", 1);
  setenv("RCUTILS_COLORIZED_OUTPUT", "0", 1);
  signal(SIGPIPE, SIG_IGN);
}

Arguments quiet_arguments() {
  Arguments arguments;
  arguments.file_logs = false;
  return arguments;
}

Arguments quiet_arguments(const std::vector<std::string>& ros_arguments) {
  std::vector<std::string> words{"--ros-args", "--disable-external-lib-logs"};
  words.insert(words.end(), ros_arguments.begin(), ros_arguments.end());
  return parse_arguments(words);
}

Peer::Peer(const char* program, const std::vector<std::string>& arguments) {
  std::array<int, 2> to;
  std::array<int, 2> from;
  if (::pipe2(to.data(), O_CLOEXEC) != 0 || ::pipe2(from.data(), O_CLOEXEC) != 0) std::abort();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  if (program == std::string(CLIPSEEK_ROS2_PEER)) {
    words.insert(words.end(), {"--ros-args", "--disable-external-lib-logs"});  // no log files
  }
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  EXPECT_EQ(posix_spawn(&pid_, program, &actions, nullptr, argv.data(), environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  ::close(to[0]);
  ::close(from[1]);
  in_ = to[1];
  out_ = from[0];
}

Peer::~Peer() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    wait();
  }
  if (in_ >= 0) ::close(in_);
  ::close(out_);
}

std::string Peer::read_line() {
  auto end = std::chrono::steady_clock::now() + kLimit;
  for (;;) {
    std::size_t newline = buffer_.find('\n');
    if (newline != std::string::npos) {
      std::string line = buffer_.substr(0, newline);
      buffer_.erase(0, newline + 1);
      return line;
    }
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd poll_out{out_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&poll_out, 1, static_cast<int>(left.count())) <= 0) return "";
    std::array<char, 4096> chunk;
    ssize_t got = ::read(out_, chunk.data(), chunk.size());
    if (got <= 0) return "";
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

void Peer::expect_line(const std::string& line) {
  for (;;) {
    std::string read = read_line();
    if (read == line) return;
    ASSERT_NE(read, "") << "the line '" << line << "' was not printed";
  }
}

void Peer::write_line(const std::string& line) {
  std::string text = line + "\n";
  EXPECT_EQ(::write(in_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

void Peer::close_input() {
  ::close(in_);
  in_ = -1;
}

void Peer::signal(int number) {
  ::kill(pid_, number);
}

void Peer::freeze() {
  signal(SIGSTOP);
  int status = 0;
  EXPECT_EQ(waitpid(pid_, &status, WUNTRACED), pid_);
  EXPECT_TRUE(WIFSTOPPED(status));
}

int Peer::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace clipseek::ros2

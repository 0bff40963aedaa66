#include "support.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

extern char** environ;

namespace clipseek::ros2 {

// Domains up to 100 keep below the ports that Linux gives to outgoing connections.
void take_domain() {
  static bool taken = false;
  if (taken) return;
  for (int domain = 1 + static_cast<int>(getpid() % 100), tries = 0; tries < 100; domain = domain % 100 + 1, ++tries) {
    std::string path = testing::TempDir() + "clipseek_ros_domain_" + std::to_string(domain);
    int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) continue;
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) {
      setenv("ROS_DOMAIN_ID", std::to_string(domain).c_str(), 1);
      setenv("ROS_LOCALHOST_ONLY", "1", 1);
      setenv("RCUTILS_COLORIZED_OUTPUT", "0", 1);
      setenv("ROS_LOG_DIR", (testing::TempDir() + "clipseek_ros_log").c_str(), 1);
      signal(SIGPIPE, SIG_IGN);
      taken = true;
      return;
    }
    ::close(file);
  }
  FAIL() << "no free domain";
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
    ASSERT_NE(read, "") << "'" << line << "' did not come";
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

int Peer::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace clipseek::ros2

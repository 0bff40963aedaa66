// For the wire tests: a separate ROS domain for each test process, and peer processes.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "ros2/node.h"

namespace clipseek::ros2 {

// Much longer than any operation needs: a test that waits this long has failed.
inline constexpr std::chrono::seconds kLimit{60};

// Sets ROS_DOMAIN_ID to a domain that no other test on this machine uses until this process ends, and restricts ROS to
// the loopback interface.
void take_domain();

// A program in a process of its own: tests/ros2/peer.cpp unless another is named. The destructor kills it.
class Peer {
 public:
  explicit Peer(const std::vector<std::string>& arguments) : Peer(CLIPSEEK_ROS2_PEER, arguments) {}
  Peer(const char* program, const std::vector<std::string>& arguments);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // Reads the next line of its standard output; empty at the end of the output or after kLimit.
  std::string read_line();
  // Reads lines until `line`; fails the test if it is not printed.
  void expect_line(const std::string& line);
  void write_line(const std::string& line);
  void close_input();
  pid_t id() const { return pid_; }
  void signal(int number);
  // Suspends the process (SIGSTOP) and returns when it is suspended.
  void freeze();
  // Waits for its end; returns its exit status, or 128 + the signal that ended it.
  int wait();

 private:
  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::string buffer_;
};

// The arguments of a node that writes no log file.
Arguments quiet_arguments();
// The same with ROS arguments, without --ros-args.
Arguments quiet_arguments(const std::vector<std::string>& ros_arguments);

// Calls `act` repeatedly until `done` holds: messages that are sent before both sides have discovered each other are
// lost.
template <typename Act, typename Done>
bool repeat_until(Act act, Done done) {
  for (int i = 0; i < 60; ++i) {
    act();
    if (wait_until(done, std::chrono::seconds(1))) return true;
  }
  return false;
}

// A participant with a node "tester" in this process.
struct Tester {
  Participant participant;
  Node node{participant, quiet_arguments(), "tester"};
};

}  // namespace clipseek::ros2

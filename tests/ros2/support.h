// For the wire tests: a ROS domain of one's own, and other processes to talk to.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "ros2/node.h"

namespace clipseek::ros2 {

// Far more than anything needs: a test that waits this long has failed.
inline constexpr std::chrono::seconds kLimit{60};

// A domain id that no other test on this machine uses meanwhile, in ROS_DOMAIN_ID, and everything on the loopback
// interface. Held until the process ends.
void take_domain();

// A program, tests/ros2/peer.cpp unless another is named, in a process of its own. Killed by the destructor.
class Peer {
 public:
  explicit Peer(const std::vector<std::string>& arguments) : Peer(CLIPSEEK_ROS2_PEER, arguments) {}
  Peer(const char* program, const std::vector<std::string>& arguments);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // The next line of its standard output; empty at its end or after kLimit.
  std::string read_line();
  // Reads until that line; fails the test if it does not come.
  void expect_line(const std::string& line);
  void write_line(const std::string& line);
  void close_input();
  pid_t id() const { return pid_; }
  void signal(int number);
  // Stops it where it is, and returns when it stands still.
  void freeze();
  // Its exit status, or 128 + the signal that ended it.
  int wait();

 private:
  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::string buffer_;
};

// The arguments of a node that writes no log file.
Arguments quiet_arguments();

// A participant and a node "tester" of this process.
struct Tester {
  Participant participant;
  Node node{participant, quiet_arguments(), "tester"};
};

}  // namespace clipseek::ros2

// Transports that FASTDDS_BUILTIN_TRANSPORTS chooses, between two processes.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "ros2/fast_dds.h"
#include "support.h"
#include "test_service.h"

namespace clipseek::ros2 {
namespace {

bool has_v6_loopback() {
  int socket = ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = IN6ADDR_LOOPBACK_INIT;
  const bool bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return bound;
}

// Returns whether a socket in `file` (/proc/net/udp or udp6) has a port of the test's domain; an RTPS domain has 250.
bool has_domain_socket(const char* file) {
  const int first = 7400 + 250 * std::stoi(std::getenv("ROS_DOMAIN_ID"));
  std::ifstream lines(file);
  std::string line;
  std::getline(lines, line);           // the names of the columns
  while (std::getline(lines, line)) {  // "  12: 00000000:1CE8 00000000:0000 ..."
    const std::size_t colon = line.find(':', line.find(':') + 1);
    const int port = std::stoi(line.substr(colon + 1, 4), nullptr, 16);
    if (port >= first && port < first + 250) return true;
  }
  return false;
}

class TransportWire : public testing::Test {
 protected:
  TransportWire() { take_domain(); }

  // Sets the variable where ROS 2 follows it, with discovery by a unicast address of this host.
  static void choose(const char* transports, const char* address) {
    setenv("FASTDDS_BUILTIN_TRANSPORTS", transports, 1);
    setenv("ROS_LOCALHOST_ONLY", "0", 1);
    setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "SYSTEM_DEFAULT", 1);
    setenv("ROS_STATIC_PEERS", address, 1);
  }
  static void expect_answer() {
    Peer peer({"server"});
    Tester tester;
    peer.expect_line("ready");
    auto client = tester.node.create_client<Echo>("/server/echo");
    ASSERT_TRUE(client.wait_for_service(kLimit));
    EXPECT_EQ(client.call({"hello"}, kLimit).text, "hello");
  }
};

TEST_F(TransportWire, UdpV6ConnectsTwoProcesses) {
  if (!has_v6_loopback()) GTEST_SKIP() << "this machine has no IPv6 address ::1";
  choose("UDPv6", "::1");
  {
    Participant participant;
    EXPECT_TRUE(has_domain_socket("/proc/net/udp6"));
    EXPECT_FALSE(has_domain_socket("/proc/net/udp"));
  }
  expect_answer();
}

TEST_F(TransportWire, OptionsOfUdpV4) {
  choose("UDPv4?max_msg_size=1400&sockets_size=1MB&non_blocking=true", "127.0.0.1");
  expect_answer();
}

// Two processes of one version may share memory. Where none may, the choice is replaced by UDPv4, which works too.
TEST_F(TransportWire, ProcessesWithTheSameChoiceReachEachOther) {
  for (const char* transports : {"DEFAULT", "SHM", "LARGE_DATA", "NONE", "nonsense"}) {
    SCOPED_TRACE(transports);
    choose(transports, "127.0.0.1");
    expect_answer();
  }
}

TEST_F(TransportWire, SharedMemoryAloneOpensNoSocket) {
  choose("SHM", "127.0.0.1");
  setenv("CLIPSEEK_ROS_SHM", "1", 1);  // no other version of Fast DDS uses shared memory in the test's domain
  {
    Participant participant;
    EXPECT_FALSE(has_domain_socket("/proc/net/udp"));
  }
  expect_answer();
}

}  // namespace
}  // namespace clipseek::ros2

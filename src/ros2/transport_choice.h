// The choice of transports in FASTDDS_BUILTIN_TRANSPORTS, the variable of Fast DDS and so of ROS 2's processes, and
// what of it a participant follows. docs/ros2.md, "Transports", gives the reasons. Does not include Fast DDS.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace clipseek::ros2 {

enum class Transports { kNone, kDefault, kDefaultV6, kShm, kUdpV4, kUdpV6, kLargeData, kLargeDataV6 };

struct TransportChoice {
  Transports kind = Transports::kDefault;
  // The options after "?"; 0 and false leave the defaults.
  std::uint32_t max_message_bytes = 0;
  std::uint32_t socket_bytes = 0;
  bool non_blocking = false;
  std::uint32_t tcp_negotiation_ms = 0;
};

// Parses "LARGE_DATA?max_msg_size=1MB&sockets_size=1MB&non_blocking=true&tcp_negotiation_timeout=50". As Fast DDS does,
// logs what it cannot read and leaves that at its default.
TransportChoice parse_transports(std::string_view text);

// What the installed Fast DDS can do, and what else decides.
struct TransportLimits {
  std::string name;                 // "Fast DDS 2.9.1"
  unsigned version = 0;             // major << 8 | minor
  bool large_data = false;          // it can set up LARGE_DATA
  bool large_data_v6 = false;       // with IPv6
  bool large_data_options = false;  // with options
  bool only_this_host = false;      // ROS_LOCALHOST_ONLY=1 or the discovery range LOCALHOST
  bool shared_memory = false;       // CLIPSEEK_ROS_SHM=1: every participant of the host has this Fast DDS
};

struct TransportPlan {
  bool udp_v4 = false;
  bool udp_v6 = false;
  bool shared_memory = false;
  bool large_data = false;  // set up by Fast DDS itself, for IPv6 where udp_v6 is true
  std::string warning;      // why the choice is not followed, or not fully; empty if it is
};

TransportPlan plan_transports(const TransportChoice& choice, const TransportLimits& limits);

}  // namespace clipseek::ros2

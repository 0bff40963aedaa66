// Participant options from environment variables: domain id, discovery range, security. The variables and their meaning
// are those of ROS 2; docs/ros2.md lists them together with clipseek's own.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ros2/transport_choice.h"

namespace clipseek::ros2 {

enum class DiscoveryRange { kOff, kLocalhost, kSubnet, kSystemDefault };

// The layout of graph messages: Gids of 24 bytes (up to Humble) or 16 bytes (Iron and later).
enum class GraphLayout { kAuto, kGid24, kGid16 };

struct ParticipantOptions {
  std::uint32_t domain_id = 0;
  DiscoveryRange range = DiscoveryRange::kSubnet;
  bool loopback_only = false;  // ROS_LOCALHOST_ONLY=1: peers reach this participant on 127.0.0.1 only
  std::vector<std::string> static_peers;
  TransportChoice transports;
  bool shared_memory = false;  // adds the SHM transport; every participant of the host must use this Fast DDS version
  GraphLayout graph = GraphLayout::kAuto;
  bool iron_or_later = false;  // ROS_DISTRO is Iron or later: peers use Gids of 16 bytes
  std::string enclave = "/";
  std::map<std::string, std::string> security;  // DDS security properties; empty: no security
};

// Reads the environment variables. Throws Error kInvalidArgument for an invalid ROS_DOMAIN_ID or CLIPSEEK_ROS_GRAPH,
// and kNotFound for missing security files when ROS_SECURITY_STRATEGY is Enforce.
ParticipantOptions participant_options(const std::string& enclave = "/");

}  // namespace clipseek::ros2

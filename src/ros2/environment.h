// What the environment says about a participant: ROS_DOMAIN_ID, how far discovery reaches, security. The variables and
// their meaning are ROS 2's; docs/ros2.md lists them with our own.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace clipseek::ros2 {

enum class DiscoveryRange { kOff, kLocalhost, kSubnet, kSystemDefault };

// How graph messages are laid out: with Gids of 24 bytes (up to Humble) or 16 (Iron and later).
enum class GraphLayout { kAuto, kGid24, kGid16 };

struct ParticipantOptions {
  std::uint32_t domain_id = 0;
  DiscoveryRange range = DiscoveryRange::kSubnet;
  bool loopback_only = false;  // ROS_LOCALHOST_ONLY=1: sockets on 127.0.0.1 alone
  std::vector<std::string> static_peers;
  bool shared_memory = false;  // the SHM transport beside UDP: only where every participant is this Fast DDS
  GraphLayout graph = GraphLayout::kAuto;
  bool newer_ros = false;  // ROS_DISTRO is Iron or later: expect peers with Gids of 16 bytes
  std::string enclave = "/";
  std::map<std::string, std::string> security;  // DDS security properties; empty: no security
};

// Reads the environment variables. Throws Error kInvalidArgument for a ROS_DOMAIN_ID that is none, and kNotFound for
// missing security files where the strategy is Enforce.
ParticipantOptions participant_options(const std::string& enclave = "/");

}  // namespace clipseek::ros2

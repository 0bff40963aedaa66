// The ROS graph: the nodes of each participant, and the messages that announce them
// (rmw_dds_common/msg/ParticipantEntitiesInfo). This file only encodes and decodes; participant.h sends and receives.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "ros2/guid.h"
#include "ros2/message.h"

namespace clipseek::ros2 {

struct GraphNode {
  std::string name_space;
  std::string name;
  std::set<Guid> readers;
  std::set<Guid> writers;
  bool operator==(const GraphNode&) const = default;
};

struct ParticipantGraph {
  Guid participant;
  std::vector<GraphNode> nodes;
};

// Encodes the message in the layout with Gids of `gid_bytes`, 24 or 16.
Bytes serialize_graph(const ParticipantGraph& graph, std::size_t gid_bytes);

// Detects the layout and decodes the message. Throws Error kCorrupt for bytes that fit neither layout.
ParticipantGraph parse_graph(std::span<const std::byte> bytes);

}  // namespace clipseek::ros2

// The graph: which nodes a participant holds, and the messages that say so
// (rmw_dds_common/msg/ParticipantEntitiesInfo). Pure bookkeeping: participant.h sends and receives.
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

// The message in the layout with Gids of `gid_bytes`, 24 or 16.
Bytes serialize_graph(const ParticipantGraph& graph, std::size_t gid_bytes);

// Tells the two layouts apart. Throws Error kCorrupt for bytes that are neither.
ParticipantGraph parse_graph(std::span<const std::byte> bytes);

}  // namespace clipseek::ros2

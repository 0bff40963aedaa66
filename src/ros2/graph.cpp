#include "ros2/graph.h"

#include <algorithm>

#include "ros2/msg/rmw_dds_common.h"

namespace clipseek::ros2 {
namespace {

template <std::size_t N>
Gid<N> to_gid(const Guid& guid) {
  Gid<N> gid;
  std::copy(guid.bytes.begin(), guid.bytes.end(), gid.data.begin());
  return gid;
}

template <std::size_t N>
Guid from_gid(const Gid<N>& gid) {
  Guid guid;
  std::copy_n(gid.data.begin(), guid.bytes.size(), guid.bytes.begin());
  return guid;
}

template <std::size_t N>
Bytes serialize_as(const ParticipantGraph& graph) {
  ParticipantEntitiesInfo<N> info;
  info.gid = to_gid<N>(graph.participant);
  for (const GraphNode& node : graph.nodes) {
    NodeEntitiesInfo<N> entry;
    entry.node_namespace = node.name_space;
    entry.node_name = node.name;
    for (const Guid& guid : node.readers) entry.reader_gid_seq.push_back(to_gid<N>(guid));
    for (const Guid& guid : node.writers) entry.writer_gid_seq.push_back(to_gid<N>(guid));
    info.node_entities_info_seq.push_back(std::move(entry));
  }
  return serialize(info);
}

template <std::size_t N>
ParticipantGraph parse_as(std::span<const std::byte> bytes) {
  auto info = deserialize<ParticipantEntitiesInfo<N>>(bytes);
  ParticipantGraph graph{from_gid(info.gid), {}};
  for (const NodeEntitiesInfo<N>& entry : info.node_entities_info_seq) {
    GraphNode node{entry.node_namespace, entry.node_name, {}, {}};
    for (const Gid<N>& gid : entry.reader_gid_seq) node.readers.insert(from_gid(gid));
    for (const Gid<N>& gid : entry.writer_gid_seq) node.writers.insert(from_gid(gid));
    graph.nodes.push_back(std::move(node));
  }
  return graph;
}

}  // namespace

Bytes serialize_graph(const ParticipantGraph& graph, std::size_t gid_bytes) {
  return gid_bytes == 16 ? serialize_as<16>(graph) : serialize_as<24>(graph);
}

// After the 16 bytes of the GUID, the 24-byte layout has eight zero bytes before the node count. The 16-byte layout has
// the node count there, which is zero only if the participant has no nodes; then the message ends there.
ParticipantGraph parse_graph(std::span<const std::byte> bytes) {
  constexpr std::size_t kEncapsulation = 4;
  constexpr std::size_t kGuid = 16;
  constexpr std::size_t kMinBytes24 = 28;
  std::span<const std::byte> body = bytes.subspan(std::min(kEncapsulation, bytes.size()));
  if (body.size() < kGuid + 4)
    throw Error(ErrorCode::kCorrupt, "the graph message is too short: " + std::to_string(bytes.size()) + " bytes");
  std::span<const std::byte> word = body.subspan(kGuid, 4);
  bool zero = std::all_of(word.begin(), word.end(), [](std::byte b) { return b == std::byte{0}; });
  return zero && body.size() >= kMinBytes24 ? parse_as<24>(bytes) : parse_as<16>(bytes);
}

}  // namespace clipseek::ros2

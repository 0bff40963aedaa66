// Messages of the package rmw_dds_common, with which a participant announces its nodes. A Gid has 24 bytes up to Humble
// and 16 from Iron on, under the same type name; docs/ros2.md describes when which is sent.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "ros2/message.h"

namespace clipseek::ros2 {

template <std::size_t N>
struct Gid {
  std::array<std::uint8_t, N> data{};

  static std::string type_name() { return "rmw_dds_common/msg/Gid"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("data", self.data);
  }
  bool operator==(const Gid&) const = default;
};

template <std::size_t N>
struct NodeEntitiesInfo {
  std::string node_namespace;
  std::string node_name;
  std::vector<Gid<N>> reader_gid_seq;
  std::vector<Gid<N>> writer_gid_seq;

  static std::string type_name() { return "rmw_dds_common/msg/NodeEntitiesInfo"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("node_namespace", self.node_namespace, MaxLength{256});
    visit("node_name", self.node_name, MaxLength{256});
    visit("reader_gid_seq", self.reader_gid_seq);
    visit("writer_gid_seq", self.writer_gid_seq);
  }
  bool operator==(const NodeEntitiesInfo&) const = default;
};

template <std::size_t N>
struct ParticipantEntitiesInfo {
  Gid<N> gid;
  std::vector<NodeEntitiesInfo<N>> node_entities_info_seq;

  static std::string type_name() { return "rmw_dds_common/msg/ParticipantEntitiesInfo"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("gid", self.gid);
    visit("node_entities_info_seq", self.node_entities_info_seq);
  }
  bool operator==(const ParticipantEntitiesInfo&) const = default;
};

}  // namespace clipseek::ros2

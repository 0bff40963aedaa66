#include "ros2/graph.h"

#include <gtest/gtest.h>

#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

ParticipantGraph some_graph() {
  Guid participant{{1, 15, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 0, 1, 0xc1}};
  Guid reader = participant;
  reader.bytes[15] = 4;
  return {participant, {{"/", "one", {reader}, {}}, {"/ns", "two", {}, {participant}}}};
}

TEST(Graph, BothLayoutsReadBack) {
  for (std::size_t gid_bytes : {16U, 24U}) {
    ParticipantGraph read = parse_graph(serialize_graph(some_graph(), gid_bytes));
    EXPECT_EQ(read.participant, some_graph().participant);
    EXPECT_EQ(read.nodes, some_graph().nodes);
  }
}

TEST(Graph, BothLayoutsReadBackWithoutNodes) {
  for (std::size_t gid_bytes : {16U, 24U}) {
    Bytes bytes = serialize_graph({some_graph().participant, {}}, gid_bytes);
    EXPECT_EQ(bytes.size(), 4 + gid_bytes + 4);
    EXPECT_TRUE(parse_graph(bytes).nodes.empty());
    bytes.resize(bytes.size() + 3);  // DDS pads payloads
    EXPECT_TRUE(parse_graph(bytes).nodes.empty());
  }
}

TEST(Graph, TooShortIsCorrupt) {
  EXPECT_THROW(parse_graph(Bytes(10)), Error);
  EXPECT_THROW(parse_graph({}), Error);
}

}  // namespace
}  // namespace clipseek::ros2

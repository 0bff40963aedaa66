#include "ros2/message.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <sstream>

#include "ros2/graph.h"
#include "ros2/testing/golden_messages.h"
#include "ros2/testing/test_messages.h"
#include "ros2/type_info.h"

namespace clipseek::ros2 {
namespace {

Bytes from_hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<std::byte>(std::stoi(text.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

TEST(Message, BytesAndHashesMatchTheReferenceEncoder) {
  std::map<std::string, Golden> golden = read_golden();
  std::size_t checked = 0;
  for_each_type(AllMessages{}, [&]<typename M>() {
    EXPECT_EQ(golden_difference<M>(golden), "");
    ++checked;
  });
  // The remaining types are messages of the nodes; src/nodes/shared/messages_test.cpp checks them.
  std::erase_if(golden, [](const auto& entry) { return entry.first.starts_with("clip_msgs/action/Search_"); });
  EXPECT_EQ(checked, golden.size());
}

template <typename M>
void expect_same(const M& a, const M& b) {
  if constexpr (PlainMessage<M>) {
    EXPECT_EQ(std::memcmp(&a, &b, sizeof(M)), 0);
  } else {
    EXPECT_TRUE(a == b);
  }
}

TEST(Message, RoundTripKeepsEveryField) {
  for_each_type(AllMessages{}, []<typename M>() {
    SCOPED_TRACE(M::type_name());
    auto message = example<M>();
    Bytes bytes = serialize(*message);
    bytes.resize(bytes.size() + 3);  // DDS pads payloads
    auto read = std::make_unique<M>();
    deserialize_into(bytes, *read);
    expect_same(*read, *message);
  });
}

TEST(Message, PlainMessagesHaveTheWireLayoutInMemory) {
  auto message = example<HbmMsg480P>();
  Bytes bytes = serialize(*message);
  ASSERT_EQ(bytes.size(), 4 + sizeof(HbmMsg480P));
  EXPECT_EQ(std::memcmp(bytes.data() + 4, message.get(), sizeof(HbmMsg480P)), 0);
  EXPECT_EQ(sizeof(HbmMsg1080P), 6220840U);
  EXPECT_EQ(sizeof(HbmMsg540P), 1555240U);
}

TEST(Message, ReadsBigEndianPeers) {
  // Time{1, 2} and Header{{1, 2}, "ab"} as a big-endian machine writes them.
  EXPECT_EQ(deserialize<Time>(from_hex("000000000000000100000002")), (Time{1, 2}));
  EXPECT_EQ(deserialize<Header>(from_hex("00000000000000010000000200000003616200")), (Header{{1, 2}, "ab"}));
}

TEST(Message, ReadsAnEmptyStringWithoutItsNul) {
  EXPECT_EQ(deserialize<String>(from_hex("0001000000000000")).data, "");
  EXPECT_EQ(deserialize<String>(from_hex("000100000100000000000000")).data, "");
}

TEST(Message, AlignsAfterOddFields) {
  // The int8 status is not padded; the next element's uint8[16] needs no alignment, its int32 is aligned to 4.
  GoalStatusArray array;
  array.status_list.resize(2);
  array.status_list[0].status = 1;
  array.status_list[1].status = 2;
  EXPECT_EQ(serialize(array).size(), 4U + 4 + 16 + 8 + 1 + 16 + 3 + 8 + 1);
}

TEST(Message, RejectsFieldsAboveTheirBounds) {
  NodeEntitiesInfo<16> node;
  node.node_name = std::string(257, 'x');
  EXPECT_THROW(serialize(node), Error);
  ParameterDescriptor descriptor;
  descriptor.integer_range.resize(2);
  EXPECT_THROW(serialize(descriptor), Error);
}

TEST(Message, ErrorsNameTheType) {
  try {
    deserialize<String>(from_hex("00010000ffffffff61"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
    EXPECT_NE(std::string(error.what()).find("std_msgs/msg/String"), std::string::npos) << error.what();
  }
}

template <typename M>
void try_to_read(std::span<const std::byte> bytes) {
  try {
    M message = deserialize<M>(bytes);
    serialize(message);
  } catch (const Error& error) {
    EXPECT_TRUE(error.code() == ErrorCode::kCorrupt) << error.what();
  }
}

TEST(HostileMessage, EveryTruncationIsRejected) {
  for_each_type(AllMessages{}, []<typename M>() {
    if constexpr (!PlainMessage<M>) {
      SCOPED_TRACE(M::type_name());
      Bytes bytes = serialize(*example<M>());
      for (std::size_t size = 0; size < bytes.size(); ++size) {
        Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(
                                                     size));  // of the exact size, so that the sanitizer sees overruns
        EXPECT_THROW(deserialize<M>(cut), Error) << size;
      }
    }
  });
}

TEST(HostileMessage, RandomDamageIsRejectedOrHarmless) {
  std::mt19937 random(1);
  for_each_type(AllMessages{}, [&]<typename M>() {
    if constexpr (!PlainMessage<M>) {
      SCOPED_TRACE(M::type_name());
      const Bytes intact = serialize(*example<M>());
      for (int round = 0; round < 2000; ++round) {
        Bytes bytes = intact;
        for (unsigned flips = random() % 4 + 1; flips > 0; --flips) {
          bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        }
        bytes.resize(bytes.size() - random() % bytes.size());
        bytes.shrink_to_fit();
        try_to_read<M>(bytes);
      }
    }
  });
}

// The message declares 2^31 elements and has only a few bytes.
TEST(HostileMessage, AHugeLengthIsNotAllocated) {
  Bytes huge = from_hex("00010000ffffff7f0102030405060708");
  EXPECT_THROW(deserialize<GetParameters::Request>(huge), Error);
  EXPECT_THROW(deserialize<GetParameterTypes::Response>(huge), Error);
  EXPECT_THROW(deserialize<GoalStatusArray>(huge), Error);
}

TEST(HostileMessage, DamagedGraphMessagesInBothLayouts) {
  std::mt19937 random(2);
  ParticipantGraph graph{Guid{{1, 2, 3}}, {{"/", "a", {Guid{{4}}}, {Guid{{5}}}}}};
  for (std::size_t gid_bytes : {16U, 24U}) {
    Bytes intact = serialize_graph(graph, gid_bytes);
    for (int round = 0; round < 5000; ++round) {
      Bytes bytes = intact;
      bytes[random() % bytes.size()] = static_cast<std::byte>(random());
      bytes.resize(bytes.size() - random() % bytes.size());
      bytes.shrink_to_fit();
      try {
        parse_graph(bytes);
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
      }
    }
  }
}

}  // namespace
}  // namespace clipseek::ros2

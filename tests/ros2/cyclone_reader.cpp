// A peer with another DDS implementation, Eclipse Cyclone DDS. Until it is killed, it prints one line for each message
// that it reads, and publishes "hello" on the topic /said.
#include <cyclone_types.h>  // made by idlc
#include <dds/dds.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace {

template <typename T, typename Print>
void take_all(dds_entity_t reader, Print print) {
  void* samples[8] = {};
  dds_sample_info_t infos[8];
  int count = dds_take(reader, samples, infos, 8, 8);
  for (int i = 0; i < count; ++i) {
    if (infos[i].valid_data) print(*static_cast<const T*>(samples[i]));
  }
  if (count > 0) dds_return_loan(reader, samples, count);
  std::fflush(stdout);
}

dds_entity_t make_reader(dds_entity_t participant, const dds_topic_descriptor_t* type, const char* topic,
                         dds_durability_kind_t durability) {
  dds_qos_t* qos = dds_create_qos();
  dds_qset_reliability(qos, DDS_RELIABILITY_RELIABLE, DDS_SECS(1));
  dds_qset_durability(qos, durability);
  dds_qset_history(qos, DDS_HISTORY_KEEP_ALL, 0);
  dds_entity_t reader =
      dds_create_reader(participant, dds_create_topic(participant, type, topic, nullptr, nullptr), qos, nullptr);
  dds_delete_qos(qos);
  if (reader < 0) std::abort();
  return reader;
}

}  // namespace

int main() {
  dds_entity_t participant =
      dds_create_participant(static_cast<dds_domainid_t>(std::atoi(std::getenv("ROS_DOMAIN_ID"))), nullptr, nullptr);
  if (participant < 0) return 1;
  dds_entity_t heard = make_reader(participant, &std_msgs_msg_dds__String__desc, "rt/heard", DDS_DURABILITY_VOLATILE);
  dds_entity_t picture = make_reader(participant, &sensor_msgs_msg_dds__CompressedImage__desc, "rt/picture",
                                     DDS_DURABILITY_TRANSIENT_LOCAL);
  dds_entity_t graph = make_reader(participant, &rmw_dds_common_msg_dds__ParticipantEntitiesInfo__desc,
                                   "ros_discovery_info", DDS_DURABILITY_TRANSIENT_LOCAL);
  dds_entity_t said = dds_create_writer(
      participant, dds_create_topic(participant, &std_msgs_msg_dds__String__desc, "rt/said", nullptr, nullptr), nullptr,
      nullptr);
  for (;;) {
    char text[] = "hello";
    std_msgs_msg_dds__String_ message{text};
    dds_write(said, &message);
    take_all<std_msgs_msg_dds__String_>(heard, [](const auto& m) { std::printf("string %s\n", m.data); });
    take_all<sensor_msgs_msg_dds__CompressedImage_>(picture, [](const auto& m) {
      std::printf("picture %d.%u %s %s %u %u\n", m.header.stamp.sec, m.header.stamp.nanosec, m.header.frame_id,
                  m.format, m.data._length, m.data._buffer[m.data._length - 1]);
    });
    take_all<rmw_dds_common_msg_dds__ParticipantEntitiesInfo_>(graph, [](const auto& m) {
      for (unsigned i = 0; i < m.node_entities_info_seq._length; ++i) {
        const auto& node = m.node_entities_info_seq._buffer[i];
        std::printf("node %s %s %u %u\n", node.node_namespace, node.node_name, node.reader_gid_seq._length,
                    node.writer_gid_seq._length);
      }
    });
    ::usleep(100'000);
  }
}

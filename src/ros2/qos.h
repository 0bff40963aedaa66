// Quality of service that a writer offers and a reader requests. DDS matches them only if the offer satisfies the
// request.
#pragma once

#include <chrono>

namespace clipseek::ros2 {

// The publishers on this host whose plain messages a subscription reads in shared memory. It receives the messages of
// all others over the network.
enum class DataSharing {
  kOwn,        // clipseek's, with the same version of Fast DDS
  kAutomatic,  // those with Fast DDS's automatic ids, whatever their version: see "Plain messages" in docs/ros2.md
};

struct Qos {
  bool reliable = true;
  bool transient_local = false;  // late joiners receive the last `depth` messages
  int depth = 10;
  // All messages are kept, up to kMaxKept, in place of the last `depth`. Plain messages (plain_topic.h) ignore it.
  bool keep_all = false;
  std::chrono::milliseconds lifespan{0};  // 0: unlimited
  // The period in which a reliable writer sends heartbeats while a message is unacknowledged. With DDS's default of 3
  // s, the loss of a burst's last packet remains unnoticed for that long, and acknowledgments are delayed.
  std::chrono::milliseconds heartbeat{200};
  DataSharing data_sharing = DataSharing::kOwn;  // of a plain subscription

  static constexpr int kMaxKept = 5000;  // the limit of Fast DDS, also in ROS 2
  int kept() const { return keep_all ? kMaxKept : depth; }

  // The profiles of rmw/qos_profiles.h and of rcl_action.
  static Qos sensor_data() { return {.reliable = false, .depth = 5}; }
  static Qos clock() { return {.reliable = false, .depth = 1}; }
  static Qos parameter_events() { return {.depth = 1000}; }
  static Qos rosout() { return {.transient_local = true, .depth = 1000, .lifespan = std::chrono::seconds(10)}; }
  static Qos action_status() { return {.transient_local = true, .depth = 1}; }
  // Peers do not need the same depth. rcl's services use 10, which loses requests of a larger burst; ours is larger.
  static Qos services() { return {.depth = 1000, .heartbeat = std::chrono::milliseconds(10)}; }
  static Qos action_feedback() { return {.depth = 1000}; }
};

}  // namespace clipseek::ros2

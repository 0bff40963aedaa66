// Quality of service: what a writer offers and a reader asks for. They meet only when the offer is as good as the ask.
#pragma once

#include <chrono>

namespace clipseek::ros2 {

struct Qos {
  bool reliable = true;
  bool transient_local = false;  // late joiners get the last `depth` messages
  int depth = 10;
  std::chrono::milliseconds lifespan{0};  // 0: for ever
  // How soon a reliable writer asks again whether all has arrived. DDS's 3 s is how long a burst's last packet could be
  // missing; it also delays acknowledgments.
  std::chrono::milliseconds heartbeat{200};

  // The profiles of rmw/qos_profiles.h and of rcl_action.
  static Qos sensor_data() { return {.reliable = false, .depth = 5}; }
  static Qos parameter_events() { return {.depth = 1000}; }
  static Qos rosout() { return {.transient_local = true, .depth = 1000, .lifespan = std::chrono::seconds(10)}; }
  static Qos action_status() { return {.transient_local = true, .depth = 1}; }
  // The depth is no part of the agreement between peers. rcl's services keep 10; a burst of more requests would lose
  // some, so ours keep more.
  static Qos services() { return {.depth = 1000, .heartbeat = std::chrono::milliseconds(10)}; }
  static Qos action_feedback() { return {.depth = 1000}; }
};

}  // namespace clipseek::ros2

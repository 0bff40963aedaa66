// The time of a node: the system's clock or, while the parameter use_sim_time is true, that of the topic /clock, which
// a simulator or a player of recordings publishes.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "ros2/msg/rosgraph_msgs.h"
#include "ros2/parameters.h"
#include "ros2/subscription.h"

namespace clipseek::ros2 {

// Thread-safe.
class TimeSource {
 public:
  // `parameters` must outlive this object.
  TimeSource(const std::shared_ptr<NodeCore>& core, Parameters& parameters) : core_(core), parameters_(parameters) {}

  // While the time is simulated: the latest time of /clock, zero if none has arrived yet.
  Time now() const;
  // Reads the parameter use_sim_time. Call it when the parameter has changed. Throws Error if the node cannot subscribe
  // to /clock; the time is then the system's.
  void update();

 private:
  void take(const Clock& clock);

  std::shared_ptr<NodeCore> core_;
  Parameters& parameters_;
  std::atomic<bool> simulated_ = false;
  std::atomic<Time> latest_ = Time{};  // kept while the time is not simulated, as rclcpp does
  std::mutex mutex_;                   // guards clock_
  std::optional<Subscription<Clock>> clock_;
};

}  // namespace clipseek::ros2

// The publisher of a topic.
#pragma once

#include <chrono>
#include <memory>

#include "ros2/node_core.h"

namespace clipseek::ros2 {

// Thread-safe. Copies share one writer, which lives as long as the last copy.
template <Message M>
class Publisher {
  static_assert(!PlainMessage<M>, "a plain message goes through PlainPublisher");

 public:
  Publisher() = default;
  Publisher(const std::shared_ptr<NodeCore>& core, const std::string& topic, const Qos& qos)
      : writer_(std::make_shared<NodeWriter>(core, EndpointSpec{topic, type_info<M>(), qos, {}})) {}

  // Throws Error kUnavailable when DDS does not accept the message, kInvalidArgument for a field above its bound.
  void publish(const M& message) { (*writer_)->write(serialize(message)); }
  // Waits up to `timeout` until all matched subscribers have acknowledged all messages; returns whether they have.
  bool wait_acknowledged(std::chrono::milliseconds timeout) { return (*writer_)->wait_acknowledged(timeout); }
  std::size_t subscribers() const { return (*writer_)->matched().size(); }

 private:
  std::shared_ptr<NodeWriter> writer_;
};

}  // namespace clipseek::ros2

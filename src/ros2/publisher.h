// Sending messages on a topic.
#pragma once

#include <chrono>
#include <memory>

#include "ros2/node_core.h"

namespace clipseek::ros2 {

// Copies share one writer, which lives as long as the last of them. Any thread may publish.
template <Message M>
class Publisher {
  static_assert(!PlainMessage<M>, "a plain message goes through PlainPublisher");

 public:
  Publisher() = default;
  Publisher(const std::shared_ptr<NodeCore>& core, const std::string& topic, const Qos& qos)
      : writer_(std::make_shared<NodeWriter>(core, EndpointSpec{topic, type_info<M>(), qos, {}})) {}

  // Throws Error kUnavailable when DDS does not take it, kInvalidArgument for a field beyond its bound.
  void publish(const M& message) { (*writer_)->write(serialize(message)); }
  // Whether all subscribers that DDS has connected have all messages, waiting up to `timeout`.
  bool wait_acknowledged(std::chrono::milliseconds timeout) { return (*writer_)->wait_acknowledged(timeout); }
  std::size_t subscribers() const { return (*writer_)->matched().size(); }

 private:
  std::shared_ptr<NodeWriter> writer_;
};

}  // namespace clipseek::ros2

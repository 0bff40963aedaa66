// The subscription of a topic.
#pragma once

#include <functional>
#include <memory>

#include "ros2/node_core.h"

namespace clipseek::ros2 {

// The maximum number of messages that wait while the callback is busy; older messages are dropped.
struct QueueDepth {
  std::size_t value;
};
// For a slow consumer of live data: it always gets the newest message.
inline constexpr QueueDepth kLatestOnly{1};

// The callback runs on the node's threads, for one message at a time. A message that cannot be decoded is dropped and
// logged. Copies share one subscription, which lives as long as its last copy; the destructor of the last copy waits
// for a running callback, unless it is called from that callback.
template <Message M>
class Subscription {
  static_assert(!PlainMessage<M>, "a plain message comes through PlainSubscription");

 public:
  using Callback = std::function<void(const M&)>;

  Subscription() = default;
  Subscription(const std::shared_ptr<NodeCore>& core, const std::string& topic, const Qos& qos, QueueDepth depth,
               Callback callback)
      : reader_(std::make_shared<NodeReader>(
            core, EndpointSpec{topic, type_info<M>(), qos, {}}, depth.value,
            [callback = std::move(callback)](const Received& message) { callback(deserialize<M>(message.bytes)); })) {}

  std::size_t publishers() const { return reader_->reader().matched().size(); }
  std::uint64_t dropped() const { return reader_->dropped(); }
  // The number of messages received, including dropped ones.
  std::uint64_t received() const { return reader_->received(); }

 private:
  std::shared_ptr<NodeReader> reader_;
};

}  // namespace clipseek::ros2

// Receiving messages of a topic.
#pragma once

#include <functional>
#include <memory>

#include "ros2/node_core.h"

namespace clipseek::ros2 {

// How many messages wait while the callback is busy: the newest are kept.
struct QueueDepth {
  std::size_t value;
};
// For a slow consumer of live data: it gets the newest message when it is ready, and never an old one.
inline constexpr QueueDepth kLatestOnly{1};

// Calls back on the node's threads, one message after another. A message that is none of its type is dropped with a
// line in the log. Lives as long as the last copy; the last one's destructor waits for a running callback unless it is
// called from there.
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
  // How many messages have come, those that were dropped included.
  std::uint64_t received() const { return reader_->received(); }

 private:
  std::shared_ptr<NodeReader> reader_;
};

}  // namespace clipseek::ros2

// Start here: a ROS 2 node.
//
//   base::StopSignal stop;                                    // first thing in main
//   Arguments arguments = parse_arguments(argc, argv);
//   Participant participant(participant_options(arguments.enclave));
//   Node node(participant, arguments, "talker");
//   auto rate = node.parameters().declare("rate", 10);
//   auto publisher = node.create_publisher<String>("chatter");
//   auto listener = node.create_subscription<String>("chatter", [](const String& message) { ... });
//   node.spin(stop.token());
//
// Callbacks run on the node's own threads from the moment that their endpoint is made: what they use must be there
// before it and outlive it. Callbacks of one endpoint never run at the same time, those of two may.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/stop_signal.h"
#include "ros2/action_client.h"
#include "ros2/action_server.h"
#include "ros2/client.h"
#include "ros2/parameters.h"
#include "ros2/participant.h"
#include "ros2/plain_topic.h"
#include "ros2/publisher.h"
#include "ros2/service.h"
#include "ros2/subscription.h"

namespace clipseek::ros2 {

struct NodeOptions {
  std::string name_space = "/";
  int threads = 2;
};

// Names given to the create functions are expanded and remapped as ROS does it. Throws Error kInvalidArgument for bad
// names. What the create functions return may outlive the node; it is silent then.
class Node {
 public:
  Node(const Participant& participant, const Arguments& arguments, const std::string& name,
       const NodeOptions& options = {});
  // Leaves the graph and waits for running callbacks.
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  const std::string& name() const { return core_->identity().name; }
  std::string fully_qualified_name() const;
  Logger& logger() { return core_->logger(); }
  Parameters& parameters();

  template <Message M>
  Publisher<M> create_publisher(const std::string& topic, const Qos& qos = {}) {
    return Publisher<M>(core_, topic_name(topic), qos);
  }
  // Up to qos.depth messages wait for the callback.
  template <Message M>
  Subscription<M> create_subscription(const std::string& topic, typename Subscription<M>::Callback callback,
                                      const Qos& qos = {}) {
    return Subscription<M>(core_, topic_name(topic), qos, QueueDepth{static_cast<std::size_t>(qos.depth)},
                           std::move(callback));
  }
  template <Message M>
  Subscription<M> create_subscription(const std::string& topic, typename Subscription<M>::Callback callback,
                                      const Qos& qos, QueueDepth depth) {
    return Subscription<M>(core_, topic_name(topic), qos, depth, std::move(callback));
  }
  template <PlainMessage M>
  PlainPublisher<M> create_plain_publisher(const std::string& topic, const Qos& qos = {}) {
    return PlainPublisher<M>(core_, topic_name(topic), qos);
  }
  template <PlainMessage M>
  PlainSubscription<M> create_plain_subscription(const std::string& topic,
                                                 typename PlainSubscription<M>::Callback callback,
                                                 const Qos& qos = Qos::sensor_data()) {
    return PlainSubscription<M>(core_, topic_name(topic), qos, std::move(callback));
  }
  template <Service S>
  ServiceServer<S> create_service(const std::string& name, typename ServiceServer<S>::Callback callback) {
    return ServiceServer<S>(core_, service_name(name), std::move(callback));
  }
  template <Service S>
  ServiceClient<S> create_client(const std::string& name) {
    return ServiceClient<S>(core_, service_name(name));
  }
  template <Action A>
  ActionServer<A> create_action_server(const std::string& name, ActionCallbacks<A> callbacks,
                                       const ActionServerOptions& options = {}) {
    return ActionServer<A>(core_, action_names(name), std::move(callbacks), options);
  }
  template <Action A>
  ActionClient<A> create_action_client(const std::string& name) {
    return ActionClient<A>(core_, action_names(name));
  }

  // The names of all actions of type `A` that some server of another participant offers.
  template <Action A>
  std::vector<std::string> find_action_servers() const {
    return find_action_servers(A::type_name());
  }

  // The full names of the nodes of other participants that serve the action `name`.
  std::vector<std::string> find_action_nodes(const std::string& name) const;

  // The absolute name of a topic, as the create functions use it.
  std::string resolve_topic(const std::string& topic) const;
  // What other participants have that publishes on `topic`.
  std::vector<RemoteEndpoint> find_publishers(const std::string& topic) const;

  // Waits until `stop` is requested; the callbacks run anyway.
  static void spin(const std::stop_token& stop);

 private:
  struct BuiltIn;  // what every node has: parameters and their services, /parameter_events, /rosout

  std::string topic_name(const std::string& name) const;
  std::string service_name(const std::string& name) const;
  ActionNames action_names(const std::string& name) const;
  std::vector<std::string> find_action_servers(const std::string& type) const;

  std::shared_ptr<NodeCore> core_;
  std::unique_ptr<BuiltIn> built_in_;
};

}  // namespace clipseek::ros2

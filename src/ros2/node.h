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
// Callbacks run on the node's own threads and may begin before the create function returns: objects that they use must
// exist before the endpoint and outlive it. Callbacks of one endpoint never run concurrently; callbacks of different
// endpoints may.
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

// A topic that has a publisher.
struct PublishedTopic {
  std::string name;  // absolute, as in ROS: "/chatter"
  std::string type;  // "std_msgs/msg/String"
  bool operator==(const PublishedTopic&) const = default;
};

struct NodeOptions {
  std::string name_space = "/";
  int threads = 2;
};

// The create functions expand and remap names as rcl does, and throw Error kInvalidArgument for invalid names. The
// objects that they return may outlive the node; their callbacks are no longer called then.
class Node {
 public:
  Node(const Participant& participant, const Arguments& arguments, const std::string& name,
       const NodeOptions& options = {});
  // Removes the node from the graph and waits for running callbacks.
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  const std::string& name() const { return core_->identity().name; }
  std::string fully_qualified_name() const;
  Logger& logger() { return core_->logger(); }
  Parameters& parameters();
  // The time of stamps: the system's or, while the parameter use_sim_time is true, the latest of the topic /clock,
  // which is zero until one has arrived.
  Time now() const { return core_->now(); }

  // Let users change the quality of service of a topic: declare its qos_overrides parameters (qos_overrides.h) and
  // return `qos` with their values.
  //   node.create_publisher<String>("chatter", node.publisher_qos("chatter", {.depth = 5}));
  Qos publisher_qos(const std::string& topic, const Qos& qos = {});
  Qos subscription_qos(const std::string& topic, const Qos& qos = {});

  template <Message M>
  Publisher<M> create_publisher(const std::string& topic, const Qos& qos = {}) {
    return Publisher<M>(core_, topic_name(topic), qos);
  }
  // At most qos.kept() messages wait for the callback.
  template <Message M>
  Subscription<M> create_subscription(const std::string& topic, typename Subscription<M>::Callback callback,
                                      const Qos& qos = {}) {
    return Subscription<M>(core_, topic_name(topic), qos, QueueDepth{static_cast<std::size_t>(qos.kept())},
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

  // The absolute names of all actions of type `A` that have a server in another participant.
  template <Action A>
  std::vector<std::string> find_action_servers() const {
    return find_action_servers(A::type_name());
  }

  // The fully qualified names of the nodes of other participants that serve the action `name`.
  std::vector<std::string> find_action_nodes(const std::string& name) const;

  // The absolute name of a topic, as the create functions use it.
  std::string resolve_topic(const std::string& topic) const;
  // The writers of other participants that publish on `topic`.
  std::vector<RemoteEndpoint> find_publishers(const std::string& topic) const;

  // The topics that have publishers in other participants, sorted by name, each once for each type.
  std::vector<PublishedTopic> published_topics() const;

  // Waits until a stop is requested. Callbacks do not depend on it: they run on the node's threads in any case.
  static void spin(const std::stop_token& stop);

 private:
  struct BuiltIn;  // the endpoints of every node: its services, /parameter_events, /rosout, /clock

  std::string topic_name(const std::string& name) const;
  std::string service_name(const std::string& name) const;
  ActionNames action_names(const std::string& name) const;
  std::vector<std::string> find_action_servers(const std::string& type) const;

  std::shared_ptr<NodeCore> core_;
  std::unique_ptr<BuiltIn> built_in_;
};

}  // namespace clipseek::ros2

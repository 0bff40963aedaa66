#include "ros2/node.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <tuple>

#include "clipseek/error.h"
#include "ros2/clock.h"
#include "ros2/logger_services.h"
#include "ros2/names.h"
#include "ros2/parameter_services.h"
#include "ros2/participant_impl.h"
#include "ros2/qos_overrides.h"
#include "ros2/time_source.h"
#include "ros2/type_description_service.h"

namespace clipseek::ros2 {
namespace {

Log to_message(const LogLine& line) {
  return {to_time(line.time_ns),
          static_cast<std::uint8_t>(line.severity),
          std::string(line.name),
          std::string(line.message),
          std::string(line.file),
          std::string(line.function),
          static_cast<std::uint32_t>(line.line)};
}

}  // namespace

struct Node::BuiltIn {
  explicit BuiltIn(const std::shared_ptr<NodeCore>& node)
      : core(node),
        full_name(fully_qualified_node(node->identity().name_space, node->identity().name)),
        events(node, dds_topic(remap_topic(node->arguments(), node->identity(), "/parameter_events")),
               Qos::parameter_events()),
        parameters([this](const std::string& name) { return core->arguments().parameter(full_name, name); },
                   [this](const std::vector<ParameterChange>& changes) { publish(changes); }),
        time(node, parameters),
        services(node, parameters),
        logger_services(node) {
    node->set_time([this] { return time.now(); });
    if (node->arguments().rosout_logs) {
      node->set_rosout(
          [rosout = Publisher<Log>(node, dds_topic("/rosout"), Qos::rosout())](const LogLine& line) mutable {
            try {
              rosout.publish(to_message(line));
            } catch (const Error&) {  // ignored: the terminal and the log file still have the line
            }
          });
    }
    parameters.declare("use_sim_time", false);
    const ParameterValue describe =
        parameters.declare("start_type_description_service", true,
                           {.text = "Start the ~/get_type_description service for this node.", .read_only = true});
    if (std::get<bool>(describe)) type_description.emplace(node);
  }

  // The event has the time of the node, as in rclcpp; log lines have the system's.
  void publish(const std::vector<ParameterChange>& changes) {
    auto is_clock = [](const ParameterChange& change) { return change.name == "use_sim_time"; };
    const auto clock = std::find_if(changes.begin(), changes.end(), is_clock);
    if (clock != changes.end()) update_time(clock->is_new);
    ParameterEvent event;
    event.stamp = time.now();
    event.node = full_name;
    for (const ParameterChange& change : changes) {
      auto& list = change.is_new ? event.new_parameters : event.changed_parameters;
      list.push_back({change.name, ros2::to_message(change.value)});
    }
    try {
      events.publish(event);
    } catch (const Error& error) {
      core->logger().warn(error.what());
    }
  }

  // If /clock cannot be subscribed to, the node does not start; a later change of the parameter is refused.
  void update_time(bool starts) {
    try {
      time.update();
    } catch (const Error& error) {
      if (!starts) {
        core->logger().error(std::string("use_sim_time is refused, and the time remains the system's: ") +
                             error.what());
      }
      throw;
    }
  }

  std::shared_ptr<NodeCore> core;
  std::string full_name;
  Publisher<ParameterEvent> events;
  Parameters parameters;
  TimeSource time;
  ParameterServices services;
  LoggerServices logger_services;
  std::optional<TypeDescriptionService> type_description;
};

Node::Node(const Participant& participant, const Arguments& arguments, const std::string& name,
           const NodeOptions& options)
    : core_(std::make_shared<NodeCore>(participant.impl(), arguments, remap_node(arguments, name, options.name_space),
                                       options.threads)),
      built_in_(std::make_unique<BuiltIn>(core_)) {}

Node::~Node() {
  core_->set_rosout(nullptr);
  core_->set_time(nullptr);
  core_->stop();
}

std::string Node::fully_qualified_name() const {
  return built_in_->full_name;
}

Parameters& Node::parameters() {
  return built_in_->parameters;
}

Qos Node::publisher_qos(const std::string& topic, const Qos& qos) {
  return overridden_qos(parameters(), resolve_topic(topic), TopicEnd::kPublisher, qos);
}

Qos Node::subscription_qos(const std::string& topic, const Qos& qos) {
  return overridden_qos(parameters(), resolve_topic(topic), TopicEnd::kSubscription, qos);
}

std::string Node::resolve_topic(const std::string& topic) const {
  return remap_topic(core_->arguments(), core_->identity(), topic);
}

std::string Node::topic_name(const std::string& name) const {
  return dds_topic(resolve_topic(name));
}

std::string Node::service_name(const std::string& name) const {
  return remap_service(core_->arguments(), core_->identity(), name);
}

// Remap rules apply to each service and topic of an action, not to the action's name.
ActionNames Node::action_names(const std::string& name) const {
  auto service = [&](const char* part) { return service_name(name + "/_action/" + part); };
  auto topic = [&](const char* part) {
    return remap_topic(core_->arguments(), core_->identity(), name + "/_action/" + part);
  };
  return {service("send_goal"), service("cancel_goal"), service("get_result"), topic("feedback"), topic("status")};
}

std::vector<std::string> Node::find_action_servers(const std::string& type) const {
  std::string prefix = dds_topic("/");
  std::string suffix = "/_action/feedback";
  std::string feedback_type = dds_type_name(type + "_FeedbackMessage");
  std::vector<std::string> names;
  for (const RemoteEndpoint& endpoint : core_->participant()->endpoints()) {
    bool offers = endpoint.is_writer && endpoint.type == feedback_type && endpoint.topic.starts_with(prefix) &&
                  endpoint.topic.ends_with(suffix);
    if (!offers) continue;
    std::size_t start = prefix.size() - 1;
    names.push_back(endpoint.topic.substr(start, endpoint.topic.size() - suffix.size() - start));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string> Node::find_action_nodes(const std::string& name) const {
  std::string topic = dds_topic(action_names(name).feedback);
  std::set<Guid> servers;
  for (const RemoteEndpoint& endpoint : core_->participant()->endpoints()) {
    if (endpoint.is_writer && endpoint.topic == topic) servers.insert(endpoint.guid);
  }
  std::vector<std::string> names;
  for (const ParticipantGraph& graph : core_->participant()->graphs()) {
    for (const GraphNode& node : graph.nodes) {
      auto serves = [&](const Guid& guid) { return servers.count(guid) > 0; };
      if (std::any_of(node.writers.begin(), node.writers.end(), serves)) {
        names.push_back(fully_qualified_node(node.name_space, node.name));
      }
    }
  }
  return names;
}

std::vector<RemoteEndpoint> Node::find_publishers(const std::string& topic) const {
  std::string name = topic_name(topic);
  std::vector<RemoteEndpoint> found = core_->participant()->endpoints();
  std::erase_if(found, [&](const RemoteEndpoint& endpoint) { return !endpoint.is_writer || endpoint.topic != name; });
  return found;
}

std::vector<PublishedTopic> Node::published_topics() const {
  const std::string prefix = dds_topic("/");
  std::vector<PublishedTopic> topics;
  for (const RemoteEndpoint& endpoint : core_->participant()->endpoints()) {
    std::string type = ros_type_name(endpoint.type);
    if (!endpoint.is_writer || !endpoint.topic.starts_with(prefix) || type.empty()) continue;
    topics.push_back({endpoint.topic.substr(prefix.size() - 1), std::move(type)});
  }
  std::ranges::sort(topics, {}, [](const PublishedTopic& topic) { return std::tie(topic.name, topic.type); });
  auto repeated = std::ranges::unique(topics);
  topics.erase(repeated.begin(), repeated.end());
  return topics;
}

void Node::spin(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait(lock, stop, [] { return false; });
}

}  // namespace clipseek::ros2

#include "ros2/participant.h"

#include <algorithm>

#include "base/log.h"
#include "clipseek/error.h"
#include "ros2/dds_setup.h"
#include "ros2/dds_types.h"
#include "ros2/msg/rmw_dds_common.h"
#include "ros2/names.h"
#include "ros2/participant_impl.h"
#include "ros2/refusal.h"

namespace clipseek::ros2 {
namespace {

constexpr const char* kGraphTopic = "ros_discovery_info";

// The value of `key` in "key=value;key=value;".
std::string value_of(const std::string& text, const std::string& key) {
  std::size_t at = text.find(key + "=");
  if (at == std::string::npos) return "";
  at += key.size() + 1;
  return text.substr(at, text.find(';', at) - at);
}

TypeInfo graph_type(std::size_t gid_bytes) {
  return gid_bytes == 16 ? type_info<ParticipantEntitiesInfo<16>>() : type_info<ParticipantEntitiesInfo<24>>();
}

}  // namespace

Guid to_guid(const rtps::GUID_t& guid) {
  Guid result;
  std::copy_n(guid.guidPrefix.value, 12, result.bytes.begin());
  std::copy_n(guid.entityId.value, 4, result.bytes.begin() + 12);
  return result;
}

rtps::GUID_t from_guid(const Guid& guid) {
  rtps::GUID_t result;
  std::copy_n(guid.bytes.begin(), 12, result.guidPrefix.value);
  std::copy_n(guid.bytes.begin() + 12, 4, result.entityId.value);
  return result;
}

ParticipantImpl::ParticipantImpl(const ParticipantOptions& options)
    : options_(options), housekeeping_(std::make_unique<base::WorkerPool>(1)) {
  route_dds_log();
  disable_intraprocess();
  auto* factory = dds::DomainParticipantFactory::get_instance();
  factory->load_profiles();
  participant_ =
      factory->create_participant(options.domain_id, participant_qos(factory->get_default_participant_qos(), options),
                                  this, dds::StatusMask::none());
  if (participant_ == nullptr) throw participant_refused(options);
  publisher_ = participant_->create_publisher(dds::PUBLISHER_QOS_DEFAULT);
  subscriber_ = participant_->create_subscriber(dds::SUBSCRIBER_QOS_DEFAULT);
}

ParticipantImpl::~ParticipantImpl() {
  participant_->set_listener(nullptr);
  housekeeping_->stop();
  graph_reader_.reset();
  graph_writer_.reset();
  participant_->delete_contained_entities();
  dds::DomainParticipantFactory::get_instance()->delete_participant(participant_);
}

void ParticipantImpl::keep_listener(std::shared_ptr<void> listener) {
  std::lock_guard lock(listeners_mutex_);
  listeners_.push_back(std::move(listener));
}

// Endpoints own a reference to their participant. The participant itself owns these two, so they get a non-owning
// pointer to avoid a reference cycle, and the destructor destroys them first.
void ParticipantImpl::start_graph() {
  std::shared_ptr<ParticipantImpl> unowned(std::shared_ptr<void>(), this);
  Qos qos{.transient_local = true, .depth = 1};
  TypeInfo type = graph_type(gid_bytes());
  graph_writer_ = std::make_unique<Writer>(unowned, EndpointSpec{kGraphTopic, type, qos, {}});
  qos.depth = 1000;  // one message of each participant, none of which may be lost
  graph_reader_ = std::make_unique<Reader>(unowned, EndpointSpec{kGraphTopic, type, qos, {}}, [this](Received message) {
    constexpr int kMaxWaiting = 1000;
    if (graphs_waiting_ >= kMaxWaiting) return;  // reached only if a peer floods the topic
    ++graphs_waiting_;
    housekeeping_->post([this, message = std::move(message)] {
      --graphs_waiting_;
      receive_graph(message);
    });
  });
}

Error ParticipantImpl::refused(bool is_writer, const std::string& topic, const std::string& hint) const {
  return endpoint_refused(options_, is_writer, topic, hint);
}

Guid ParticipantImpl::guid() const {
  return to_guid(participant_->guid());
}

std::vector<RemoteEndpoint> ParticipantImpl::endpoints() const {
  Guid own = guid();
  std::lock_guard lock(known_mutex_);
  std::vector<RemoteEndpoint> list;
  for (const auto& [guid, endpoint] : endpoints_) {
    if (guid.participant() != own.participant()) list.push_back(endpoint);  // discovery reports our own endpoints too
  }
  return list;
}

std::vector<ParticipantGraph> ParticipantImpl::graphs() const {
  std::lock_guard lock(known_mutex_);
  std::vector<ParticipantGraph> list;
  for (const auto& [participant, graph] : graphs_) list.push_back(graph);
  return list;
}

bool ParticipantImpl::knows_participant(const Guid& endpoint) const {
  if (endpoint.participant() == guid().participant()) return true;
  std::lock_guard lock(known_mutex_);
  return participants_.count(endpoint.participant()) > 0;
}

std::vector<Guid> ParticipantImpl::known_among(std::vector<Guid> endpoints) const {
  std::lock_guard lock(known_mutex_);
  std::erase_if(endpoints, [this](const Guid& guid) { return endpoints_.count(guid) == 0; });
  return endpoints;
}

bool ParticipantImpl::is_clipseek_peer(const Guid& endpoint) const {
  std::lock_guard lock(known_mutex_);
  return clipseek_participants_.count(endpoint.participant()) > 0;
}

// The condition calls functions that lock known_mutex_, so it is evaluated without that lock. A change between the
// evaluation and the wait can be missed, so each wait is short.
bool ParticipantImpl::wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout) const {
  constexpr std::chrono::milliseconds kStep{50};
  auto end = std::chrono::steady_clock::now() + timeout;
  while (!condition()) {
    auto now = std::chrono::steady_clock::now();
    if (now >= end) return false;
    std::unique_lock lock(known_mutex_);
    known_changed_.wait_until(lock, std::min(end, now + kStep));
  }
  return true;
}

dds::Topic* ParticipantImpl::acquire_topic(const std::string& name, const TypeInfo& type) {
  std::lock_guard lock(topics_mutex_);
  UsedTopic& used = topics_[name];
  if (used.topic == nullptr) {
    std::string dds_name = dds_type_name(type.name);
    if (participant_->find_type(dds_name).empty()) {
      dds::TopicDataType* made = type.plain_size > 0
                                     ? static_cast<dds::TopicDataType*>(new PlainType(dds_name, type.plain_size))
                                     : new BytesType(dds_name);
      participant_->register_type(dds::TypeSupport(made));  // takes ownership
    }
    used.topic = participant_->create_topic(name, dds_name, dds::TOPIC_QOS_DEFAULT);
    used.type = type.name;
  }
  if (used.topic == nullptr || used.type != type.name) {
    std::string in_use = used.type;
    if (used.users == 0) topics_.erase(name);
    throw Error(ErrorCode::kInvalidArgument,
                "topic " + name + " cannot be of type " + type.name + " (in use with " + in_use + ")");
  }
  ++used.users;
  return used.topic;
}

void ParticipantImpl::release_topic(const std::string& name) {
  std::lock_guard lock(topics_mutex_);
  auto found = topics_.find(name);
  if (found == topics_.end() || --found->second.users > 0) return;
  participant_->delete_topic(found->second.topic);
  topics_.erase(found);
}

void ParticipantImpl::set_node(const void* key, GraphNode node) {
  std::lock_guard lock(nodes_mutex_);
  if (!graph_writer_) start_graph();
  nodes_[key] = std::move(node);
  publish_graph();
}

void ParticipantImpl::remove_node(const void* key) {
  std::lock_guard lock(nodes_mutex_);
  if (nodes_.erase(key) > 0) publish_graph();
}

void ParticipantImpl::publish_graph() {
  ParticipantGraph graph{guid(), {}};
  for (const auto& [key, node] : nodes_) graph.nodes.push_back(node);
  sent_gid_bytes_ = gid_bytes();
  graph_writer_->write(serialize_graph(graph, sent_gid_bytes_));
}

// ROS 2 processes up to Humble crash on a message with 16-byte Gids; those from Iron on see no nodes in one with
// 24-byte Gids. So 24 bytes are used unless a newer peer is present and no older one. ROS 2 itself does not support
// mixing both.
std::size_t ParticipantImpl::gid_bytes() const {
  if (options_.graph == GraphLayout::kGid24) return 24;
  if (options_.graph == GraphLayout::kGid16) return 16;
  bool newer = options_.iron_or_later;
  Guid own = guid();
  std::lock_guard lock(known_mutex_);
  for (const auto& [guid, endpoint] : endpoints_) {
    bool ours = guid.participant() == own.participant() || clipseek_participants_.count(guid.participant()) > 0;
    if (ours || endpoint.topic != kGraphTopic) continue;
    if (endpoint.type_hash.empty()) return 24;
    newer = true;
  }
  return newer ? 16 : 24;
}

void ParticipantImpl::receive_graph(const Received& message) {
  try {
    ParticipantGraph graph = parse_graph(message.bytes);
    auto participant = graph.participant.participant();
    if (participant != message.writer.participant()) return;  // a participant may announce only its own nodes
    std::lock_guard lock(known_mutex_);
    if (participants_.count(participant) == 0) return;  // it has left: its entry would never be removed
    graphs_[participant] = std::move(graph);
  } catch (const Error& error) {
    base::log_debug(std::string("graph message ignored: ") + error.what());
  }
  known_changed_.notify_all();
}

void ParticipantImpl::participant_found(const rtps::GUID_t& guid, const std::string& user_data) {
  const auto participant = to_guid(guid).participant();
  {
    std::lock_guard lock(known_mutex_);
    participants_.insert(participant);
    if (!value_of(user_data, "clipseek").empty()) clipseek_participants_.insert(participant);
  }
  known_changed_.notify_all();
}

void ParticipantImpl::participant_gone(const rtps::GUID_t& guid) {
  const auto participant = to_guid(guid).participant();
  {
    std::lock_guard lock(known_mutex_);
    participants_.erase(participant);
    clipseek_participants_.erase(participant);
    std::erase_if(endpoints_, [&](const auto& entry) { return entry.first.participant() == participant; });
    graphs_.erase(participant);
  }
  known_changed_.notify_all();
}

void ParticipantImpl::endpoint_found(const DiscoveredEndpoint& endpoint) {
  const Guid guid = to_guid(endpoint.guid);
  {
    std::lock_guard lock(known_mutex_);
    endpoints_[guid] = {guid,           endpoint.is_writer, endpoint.reliable,
                        endpoint.topic, endpoint.type,      value_of(endpoint.user_data, "typehash")};
  }
  known_changed_.notify_all();
  if (endpoint.topic == kGraphTopic) graph_peers_changed();
}

void ParticipantImpl::endpoint_gone(const DiscoveredEndpoint& endpoint) {
  {
    std::lock_guard lock(known_mutex_);
    endpoints_.erase(to_guid(endpoint.guid));
  }
  known_changed_.notify_all();
  if (endpoint.topic == kGraphTopic) graph_peers_changed();
}

// Sends the graph again where the peers that are now there need its other layout.
void ParticipantImpl::graph_peers_changed() {
  housekeeping_->post([this] {
    std::lock_guard lock(nodes_mutex_);
    if (graph_writer_ && sent_gid_bytes_ != gid_bytes()) publish_graph();
  });
}

Participant::Participant(const ParticipantOptions& options) : impl_(std::make_shared<ParticipantImpl>(options)) {}

Guid Participant::guid() const {
  return impl_->guid();
}

std::vector<RemoteEndpoint> Participant::endpoints() const {
  return impl_->endpoints();
}

std::vector<ParticipantGraph> Participant::graphs() const {
  return impl_->graphs();
}

bool Participant::wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout) const {
  return impl_->wait_until(condition, timeout);
}

}  // namespace clipseek::ros2

// The implementation of Participant on Fast DDS. Only .cpp files of this folder, and a test of its listeners, include
// this header.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "clipseek/error.h"
#include "ros2/endpoint.h"
#include "ros2/fast_dds.h"
#include "ros2/participant.h"
#include "ros2/strand.h"
#include "ros2/type_info.h"

namespace clipseek::ros2 {

Guid to_guid(const rtps::GUID_t& guid);
rtps::GUID_t from_guid(const Guid& guid);

class ParticipantImpl : private DiscoveryListener {
 public:
  explicit ParticipantImpl(const ParticipantOptions& options);
  ~ParticipantImpl() override;

  Guid guid() const;
  std::vector<RemoteEndpoint> endpoints() const;
  std::vector<ParticipantGraph> graphs() const;
  bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout) const;
  // Returns whether the participant of `endpoint` is known and has not left.
  bool knows_participant(const Guid& endpoint) const;
  // Returns those of `endpoints` that have not left. Unlike MatchedSet it relies on discovery, which reports that an
  // endpoint has appeared before it reports that the endpoint has left.
  std::vector<Guid> known_among(std::vector<Guid> endpoints) const;
  // Returns whether the participant of `endpoint` is a clipseek process.
  bool is_clipseek_peer(const Guid& endpoint) const;

  // Returns the topic `name`, which all its readers and writers share. Throws Error kInvalidArgument when the name is
  // in use with another type.
  dds::Topic* acquire_topic(const std::string& name, const TypeInfo& type);
  void release_topic(const std::string& name);
  // The Error for a reader or writer that DDS did not create.
  Error refused(bool is_writer, const std::string& topic, const std::string& hint = "") const;
  dds::Publisher* publisher() { return publisher_; }
  dds::Subscriber* subscriber() { return subscriber_; }

  // Keeps the listener of a deleted endpoint until this participant is destroyed, because a DDS thread may still call
  // it.
  void keep_listener(std::shared_ptr<void> listener);

  // Adds or updates the node `key` and announces the change.
  void set_node(const void* key, GraphNode node);
  void remove_node(const void* key);

 private:
  struct UsedTopic {
    dds::Topic* topic = nullptr;
    int users = 0;
    std::string type;
  };

  void participant_found(const rtps::GUID_t& guid, const std::string& user_data) override;
  void participant_gone(const rtps::GUID_t& guid) override;
  void endpoint_found(const DiscoveredEndpoint& endpoint) override;
  void endpoint_gone(const DiscoveredEndpoint& endpoint) override;
  void graph_peers_changed();

  void start_graph();
  void receive_graph(const Received& message);
  void publish_graph();
  std::size_t gid_bytes() const;

  ParticipantOptions options_;
  dds::DomainParticipant* participant_ = nullptr;
  dds::Publisher* publisher_ = nullptr;
  dds::Subscriber* subscriber_ = nullptr;

  std::mutex listeners_mutex_;
  std::vector<std::shared_ptr<void>> listeners_;  // of deleted endpoints
  std::mutex topics_mutex_;
  std::map<std::string, UsedTopic> topics_;

  mutable std::mutex known_mutex_;
  mutable std::condition_variable known_changed_;
  std::set<std::array<std::uint8_t, 12>> participants_;
  std::map<Guid, RemoteEndpoint> endpoints_;
  std::map<std::array<std::uint8_t, 12>, ParticipantGraph> graphs_;  // by participant
  std::atomic<int> graphs_waiting_ = 0;
  std::set<std::array<std::uint8_t, 12>> clipseek_participants_;  // clipseek processes, which read both layouts

  std::mutex nodes_mutex_;  // held while the graph is written, so that messages are sent in the order of the changes
  std::map<const void*, GraphNode> nodes_;
  std::size_t sent_gid_bytes_ = 0;

  std::unique_ptr<Writer> graph_writer_;
  std::unique_ptr<Reader> graph_reader_;
  std::unique_ptr<base::WorkerPool> housekeeping_;  // handles discovery events, so that DDS's threads do not block
};

}  // namespace clipseek::ros2

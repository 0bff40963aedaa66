// The state that all endpoints of a node share. Programs use Node (node.h) and the objects that its create functions
// return.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "clipseek/error.h"
#include "ros2/arguments.h"
#include "ros2/endpoint.h"
#include "ros2/graph.h"
#include "ros2/logger.h"
#include "ros2/msg/builtin_interfaces.h"
#include "ros2/strand.h"

namespace clipseek::ros2 {

class NodeCore {
 public:
  NodeCore(std::shared_ptr<ParticipantImpl> participant, Arguments arguments, NodeIdentity identity, int threads);
  ~NodeCore();
  NodeCore(const NodeCore&) = delete;
  NodeCore& operator=(const NodeCore&) = delete;

  const std::shared_ptr<ParticipantImpl>& participant() const { return participant_; }
  const Arguments& arguments() const { return arguments_; }
  const NodeIdentity& identity() const { return identity_; }
  Logger& logger() { return *logger_; }

  // Sets the function through which the logger publishes to /rosout; nullptr ends the publishing.
  void set_rosout(Logger::Publish publish);

  // The node's time; that of the system unless `time` is set. nullptr ends the use of `time`.
  Time now() const;
  void set_time(std::function<Time()> time);

  // Creates a strand; an exception of one of its tasks is logged by this node, with the prefix `what`.
  std::shared_ptr<Strand> make_strand(const std::string& what);

  // These two keep the node's entry in the ROS graph and its types up to date.
  void add_endpoint(const Guid& guid, bool is_writer, const TypeInfo& type);
  void remove_endpoint(const Guid& guid);
  // Adds a type that is in use as long as the endpoint is: the service or action that the endpoint is a part of.
  void add_type(const Guid& endpoint, TypeInfo type);
  // Returns the type with this hash if an endpoint uses it.
  std::optional<TypeInfo> find_type(const std::string& hash) const;

  bool knows_participant(const Guid& endpoint) const;
  bool is_clipseek_peer(const Guid& endpoint) const;

  // Removes the node from the graph and waits for running callbacks; no callback begins afterwards.
  void stop();

 private:
  void rosout(const LogLine& line);

  std::shared_ptr<ParticipantImpl> participant_;
  Arguments arguments_;
  NodeIdentity identity_;
  base::WorkerPool callback_pool_;
  std::unique_ptr<Logger> logger_;
  std::mutex rosout_mutex_;
  Logger::Publish rosout_;
  mutable std::mutex time_mutex_;
  std::function<Time()> time_;
  mutable std::mutex graph_mutex_;
  GraphNode graph_;
  std::multimap<Guid, TypeInfo> types_;  // by endpoint
  bool stopped_ = false;
};

// A writer that is listed in the graph under its node.
class NodeWriter {
 public:
  NodeWriter(std::shared_ptr<NodeCore> core, const EndpointSpec& spec);
  ~NodeWriter();
  Writer* operator->() { return &writer_; }
  const Writer* operator->() const { return &writer_; }

 private:
  std::shared_ptr<NodeCore> core_;
  Writer writer_;
};

// A reader that is listed in the graph under its node. Messages wait in a queue of at most `depth`, which drops its
// oldest message when it is full, and are handled one at a time on the node's threads.
class NodeReader {
 public:
  using Handler = std::function<void(const Received&)>;

  NodeReader(const std::shared_ptr<NodeCore>& core, const EndpointSpec& spec, std::size_t depth, Handler handler);
  // Waits for a running `handler`, unless the destructor is called from it.
  ~NodeReader();
  NodeReader(const NodeReader&) = delete;
  NodeReader& operator=(const NodeReader&) = delete;

  const Reader& reader() const { return *reader_; }
  // Runs `task` on the handler's strand, after the messages that have been received so far.
  void post(Task task) { strand_->post(std::move(task)); }
  // No handler or task begins after this call. Waits for a running one, unless close() is called from it.
  void close() { strand_->close(); }
  // The number of messages that were dropped because the queue was full, and of all messages received.
  std::uint64_t dropped() const { return dropped_; }
  std::uint64_t received() const { return received_; }

 private:
  void receive(Received message);
  void handle_next();
  void report_malformed(const Error& error);

  std::shared_ptr<NodeCore> core_;
  std::string topic_;
  std::size_t depth_;
  Handler handler_;
  std::shared_ptr<Strand> strand_;
  std::mutex mutex_;
  std::deque<Received> queue_;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::atomic<std::uint64_t> received_ = 0;
  std::uint64_t malformed_ = 0;
  std::unique_ptr<Reader> reader_;
};

}  // namespace clipseek::ros2

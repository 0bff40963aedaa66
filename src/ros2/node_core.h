// What everything made on a node shares. Users hold a Node (node.h) and what its create functions return.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "clipseek/error.h"
#include "ros2/arguments.h"
#include "ros2/endpoint.h"
#include "ros2/graph.h"
#include "ros2/logger.h"
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
  base::WorkerPool& executor() { return executor_; }
  Logger& logger() { return *logger_; }

  // /rosout: the logger publishes through `publish` until it is taken away with nullptr.
  void set_rosout(Logger::Publish publish);

  // A strand whose exceptions go to the node's log, with `what` in front.
  std::shared_ptr<Strand> make_strand(const std::string& what);

  // The graph shows a node's endpoints.
  void add_endpoint(const Guid& guid, bool is_writer);
  void remove_endpoint(const Guid& guid);

  bool knows_participant(const Guid& endpoint) const;
  bool is_clipseek_peer(const Guid& endpoint) const;

  // No callback begins after it, and none is running when it returns. Also takes the node out of the graph.
  void stop();

 private:
  void rosout(const LogLine& line);

  std::shared_ptr<ParticipantImpl> participant_;
  Arguments arguments_;
  NodeIdentity identity_;
  base::WorkerPool executor_;
  std::unique_ptr<Logger> logger_;
  std::mutex rosout_mutex_;
  Logger::Publish rosout_;
  std::mutex graph_mutex_;
  GraphNode graph_;
  bool stopped_ = false;
};

// A writer that the graph lists under its node.
class NodeWriter {
 public:
  NodeWriter(std::shared_ptr<NodeCore> core, EndpointSpec spec);
  ~NodeWriter();
  Writer* operator->() { return &writer_; }
  const Writer* operator->() const { return &writer_; }

 private:
  std::shared_ptr<NodeCore> core_;
  Writer writer_;
};

// A reader that the graph lists under its node. Messages wait in a queue of `depth`, the oldest going first when it is
// full, and are handled one after another on the node's threads.
class NodeReader {
 public:
  using Handle = std::function<void(const Received&)>;

  NodeReader(const std::shared_ptr<NodeCore>& core, EndpointSpec spec, std::size_t depth, Handle handle);
  // Waits for a running `handle` unless it is the caller.
  ~NodeReader();
  NodeReader(const NodeReader&) = delete;
  NodeReader& operator=(const NodeReader&) = delete;

  const Reader& reader() const { return *reader_; }
  // Runs `task` where `handle` runs, after the messages that have come so far.
  void post(Task task) { strand_->post(std::move(task)); }
  // Nothing runs after it. Waits for a running `handle` or task unless it is the caller.
  void close() { strand_->close(); }
  // How many messages were dropped because the queue was full, and how many have come in all.
  std::uint64_t dropped() const { return dropped_; }
  std::uint64_t received() const { return received_; }

 private:
  void receive(Received message);
  void handle_next();
  void report_malformed(const Error& error);

  std::shared_ptr<NodeCore> core_;
  std::string topic_;
  std::size_t depth_;
  Handle handle_;
  std::shared_ptr<Strand> strand_;
  std::mutex mutex_;
  std::deque<Received> queue_;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::atomic<std::uint64_t> received_ = 0;
  std::uint64_t malformed_ = 0;
  std::unique_ptr<Reader> reader_;
};

}  // namespace clipseek::ros2

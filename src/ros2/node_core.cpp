#include "ros2/node_core.h"

#include <algorithm>
#include <bit>

#include "ros2/clock.h"
#include "ros2/names.h"
#include "ros2/participant_impl.h"

namespace clipseek::ros2 {
namespace {

// The logger's name is the fully qualified node name with '.' instead of '/'.
std::string logger_name(const NodeIdentity& identity) {
  std::string name = fully_qualified_node(identity.name_space, identity.name).substr(1);
  std::replace(name.begin(), name.end(), '/', '.');
  return name;
}

// All nodes of a process share one output and so one log file.
std::shared_ptr<LogOutput> shared_output(const Arguments& arguments) {
  static std::mutex mutex;
  static std::weak_ptr<LogOutput> current;
  std::lock_guard lock(mutex);
  std::shared_ptr<LogOutput> output = current.lock();
  if (!output) {
    output = std::make_shared<LogOutput>(arguments);
    current = output;
  }
  return output;
}

}  // namespace

NodeCore::NodeCore(std::shared_ptr<ParticipantImpl> participant, Arguments arguments, NodeIdentity identity,
                   int threads)
    : participant_(std::move(participant)),
      arguments_(std::move(arguments)),
      identity_(std::move(identity)),
      callback_pool_(threads),
      graph_{identity_.name_space, identity_.name, {}, {}} {
  std::string name = logger_name(identity_);
  logger_ = std::make_unique<Logger>(shared_output(arguments_), name, arguments_.level_of(name),
                                     [this](const LogLine& line) { rosout(line); });
  participant_->set_node(this, graph_);
}

NodeCore::~NodeCore() {
  stop();
}

void NodeCore::set_rosout(Logger::Publish publish) {
  std::lock_guard lock(rosout_mutex_);
  rosout_ = std::move(publish);
}

void NodeCore::rosout(const LogLine& line) {
  std::lock_guard lock(rosout_mutex_);
  if (rosout_) rosout_(line);
}

Time NodeCore::now() const {
  std::lock_guard lock(time_mutex_);
  return time_ ? time_() : ros2::now();
}

void NodeCore::set_time(std::function<Time()> time) {
  std::lock_guard lock(time_mutex_);
  time_ = std::move(time);
}

std::shared_ptr<Strand> NodeCore::make_strand(const std::string& what) {
  return std::make_shared<Strand>(callback_pool_,
                                  [this, what](const std::string& error) { logger().error(what + ": " + error); });
}

void NodeCore::add_endpoint(const Guid& guid, bool is_writer, const TypeInfo& type) {
  std::lock_guard lock(graph_mutex_);
  types_.emplace(guid, type);
  (is_writer ? graph_.writers : graph_.readers).insert(guid);
  if (!stopped_) participant_->set_node(this, graph_);
}

void NodeCore::remove_endpoint(const Guid& guid) {
  std::lock_guard lock(graph_mutex_);
  graph_.writers.erase(guid);
  graph_.readers.erase(guid);
  types_.erase(guid);
  if (!stopped_) participant_->set_node(this, graph_);
}

void NodeCore::add_type(const Guid& endpoint, TypeInfo type) {
  std::lock_guard lock(graph_mutex_);
  types_.emplace(endpoint, std::move(type));
}

std::optional<TypeInfo> NodeCore::find_type(const std::string& hash) const {
  std::lock_guard lock(graph_mutex_);
  auto found = std::find_if(types_.begin(), types_.end(), [&](const auto& entry) { return entry.second.hash == hash; });
  if (found == types_.end()) return std::nullopt;
  return found->second;
}

bool NodeCore::knows_participant(const Guid& endpoint) const {
  return participant_->knows_participant(endpoint);
}

bool NodeCore::is_clipseek_peer(const Guid& endpoint) const {
  return participant_->is_clipseek_peer(endpoint);
}

void NodeCore::stop() {
  {
    std::lock_guard lock(graph_mutex_);
    if (stopped_) return;
    stopped_ = true;
    participant_->remove_node(this);
  }
  callback_pool_.stop();
}

NodeWriter::NodeWriter(std::shared_ptr<NodeCore> core, const EndpointSpec& spec)
    : core_(std::move(core)), writer_(core_->participant(), spec) {
  core_->add_endpoint(writer_.guid(), true, spec.type);
}

NodeWriter::~NodeWriter() {
  core_->remove_endpoint(writer_.guid());
}

NodeReader::NodeReader(const std::shared_ptr<NodeCore>& core, const EndpointSpec& spec, std::size_t depth,
                       Handler handler)
    : core_(core),
      topic_(spec.topic),
      depth_(std::max<std::size_t>(depth, 1)),
      handler_(std::move(handler)),
      strand_(core->make_strand(spec.topic)) {
  reader_ =
      std::make_unique<Reader>(core->participant(), spec, [this](Received message) { receive(std::move(message)); });
  core->add_endpoint(reader_->guid(), false, spec.type);
}

NodeReader::~NodeReader() {
  core_->remove_endpoint(reader_->guid());
  close();  // before reader_ is destroyed, because a running handler may use it
}

void NodeReader::receive(Received message) {
  ++received_;
  {
    std::lock_guard lock(mutex_);
    bool full = queue_.size() >= depth_;
    if (full) queue_.pop_front();
    queue_.push_back(std::move(message));
    if (full) {
      ++dropped_;
      return;  // the task that was posted for the dropped message will handle this one
    }
  }
  strand_->post([this] { handle_next(); });
}

void NodeReader::handle_next() {
  Received message;
  {
    std::lock_guard lock(mutex_);
    if (queue_.empty()) return;
    message = std::move(queue_.front());
    queue_.pop_front();
  }
  try {
    handler_(message);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kCorrupt) throw;
    report_malformed(error);
  }
}

// Logs only the 1st, 2nd, 4th, 8th ... malformed message, so that a faulty peer does not fill the log.
void NodeReader::report_malformed(const Error& error) {
  if (!std::has_single_bit(++malformed_)) return;
  core_->logger().warn("message " + std::to_string(malformed_) + " on " + topic_ + " ignored: " + error.what());
}

}  // namespace clipseek::ros2

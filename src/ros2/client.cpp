#include "ros2/client.h"

#include <algorithm>
#include <thread>

#include "ros2/interface_types.h"
#include "ros2/names.h"

namespace clipseek::ros2 {
namespace {

std::size_t service_depth() {
  return static_cast<std::size_t>(Qos::services().depth);
}

}  // namespace

ClientCore::ClientCore(const std::shared_ptr<NodeCore>& core, const std::string& name, const TypeInfo& request,
                       const TypeInfo& response)
    : core_(core),
      name_(name),
      strand_(core->make_strand(name)),
      writer_(core, EndpointSpec{dds_request_topic(name), request, Qos::services(),
                                 [this] { strand_->post([this] { servers_changed(); }); }}),
      reader_(core,
              EndpointSpec{dds_reply_topic(name), response, Qos::services(),
                           [this] { strand_->post([this] { servers_changed(); }); }},
              service_depth(), [this](const Received& reply) { take_reply(reply); }) {
  core->add_type(writer_->guid(), service_type(request, response));
  constructed_ = true;
}

ClientCore::~ClientCore() {
  close();
}

void ClientCore::close() {
  strand_->close();
  reader_.close();
  std::map<std::int64_t, Pending> lost;
  {
    std::lock_guard lock(mutex_);
    lost.swap(pending_);
  }
  for (const auto& [sequence, pending] : lost) pending.on_reply(nullptr);
}

bool ClientCore::ready(const Server& server) const {
  auto is_of = [&server](const Guid& guid) { return guid.participant() == server; };
  std::vector<Guid> requests = writer_->matched();
  std::vector<Guid> replies = reader_.reader().matched();
  return std::any_of(requests.begin(), requests.end(), is_of) && std::any_of(replies.begin(), replies.end(), is_of);
}

std::vector<Guid> ClientCore::ready_servers() const {
  std::vector<Guid> servers;
  for (const Guid& reader : writer_->matched()) {
    if (ready(reader.participant())) servers.push_back(reader);
  }
  return servers;
}

bool ClientCore::ready() const {
  return !ready_servers().empty();
}

// The lock is held during the write, so that take_reply() finds the entry of a request even if the reply arrives at
// once.
void ClientCore::send(const Bytes& request, OnReply on_reply) {
  std::vector<Guid> servers = ready_servers();
  if (servers.empty()) throw Error(ErrorCode::kUnavailable, "no server of " + name_ + " is available");
  {
    std::lock_guard lock(mutex_);
    std::int64_t sequence = writer_->write(request, RequestId{reader_.reader().guid(), 0});
    pending_[sequence] = {std::move(on_reply), servers};
  }
  // If a server disappeared before the entry existed, its servers_changed() call did not see this request.
  if (ready_servers() != servers) servers_changed();
}

void ClientCore::on_servers_changed(std::function<void()> changed) {
  std::lock_guard lock(mutex_);
  changed_ = std::move(changed);
}

// Every client of a service receives all replies; a reply that names neither of this client's endpoints is for another
// client.
void ClientCore::take_reply(const Received& reply) {
  if (!constructed_) return;  // a reply to another client: this one has not sent a request yet
  const Guid& to = reply.answers.client;
  if (to != reader_.reader().guid() && to != writer_->guid()) return;
  OnReply on_reply;
  {
    std::lock_guard lock(mutex_);
    auto found = pending_.find(reply.answers.sequence);
    if (found == pending_.end()) return;
    on_reply = std::move(found->second.on_reply);
    pending_.erase(found);
  }
  on_reply(&reply);
}

// A stopping server replies before it disappears: its replies that are in the queue are handled before its other
// requests end as lost.
void ClientCore::servers_changed() {
  if (constructed_) reader_.post([this] { lose_requests(); });
}

void ClientCore::lose_requests() {
  std::vector<OnReply> lost;
  std::function<void()> changed;
  {
    std::lock_guard lock(mutex_);
    // Under the lock, so that no pending request was sent to a server that is newer than this list.
    const std::vector<Guid> present = ready_servers();
    auto gone = [&](const Guid& server) { return std::find(present.begin(), present.end(), server) == present.end(); };
    for (auto entry = pending_.begin(); entry != pending_.end();) {
      Pending& pending = entry->second;
      if (std::all_of(pending.servers.begin(), pending.servers.end(), gone)) {
        lost.push_back(std::move(pending.on_reply));
        entry = pending_.erase(entry);
      } else {
        ++entry;
      }
    }
    changed = changed_;
  }
  for (const OnReply& on_reply : lost) on_reply(nullptr);
  if (changed) changed();
}

bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout,
                const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kStep{10};
  auto end = std::chrono::steady_clock::now() + timeout;
  while (!condition()) {
    if (stop.stop_requested() || std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(kStep);
  }
  return true;
}

}  // namespace clipseek::ros2

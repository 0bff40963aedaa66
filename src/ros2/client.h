// The client of a service.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "clipseek/error.h"
#include "ros2/node_core.h"

namespace clipseek::ros2 {

// The untyped client: the request and reply topics of a service. Messages are serialized bytes.
class ClientCore {
 public:
  // The participant of a server.
  using Server = std::array<std::uint8_t, 12>;
  // Called once on the node's threads: with the reply, or with nullptr when all servers that received the request
  // disappeared without a reply.
  using OnReply = std::function<void(const Received* reply)>;

  ClientCore(const std::shared_ptr<NodeCore>& core, const std::string& name, const TypeInfo& request,
             const TypeInfo& response);
  ~ClientCore();
  // Ends pending requests as lost (OnReply with nullptr). Afterwards no change of servers is reported.
  void close();

  // Returns whether at least one server (or `server`) has both its endpoints matched with this client's.
  bool ready() const;
  bool ready(const Server& server) const;
  // Throws Error kUnavailable when no server is ready or DDS does not accept the request.
  void send(const Bytes& request, OnReply on_reply);
  // `changed` is called on the node's threads after a server has appeared or disappeared.
  void on_servers_changed(std::function<void()> changed);

 private:
  struct Pending {
    OnReply on_reply;
    std::vector<Guid> servers;  // those ready when the request was sent; servers that appear later do not get it
  };
  // Returns the request readers of the servers that are ready. Each server has its own reader, also when a participant
  // replaces a server of its own.
  std::vector<Guid> ready_servers() const;
  void take_reply(const Received& reply);
  void servers_changed();
  void lose_requests();

  std::shared_ptr<NodeCore> core_;
  std::string name_;
  std::shared_ptr<Strand> strand_;  // runs servers_changed()
  mutable std::mutex mutex_;
  std::map<std::int64_t, Pending> pending_;
  std::function<void()> changed_;
  std::atomic<bool> constructed_ = false;
  NodeWriter writer_;
  NodeReader reader_;  // declared after the writer, because take_reply() uses the writer
};

// Polls until `condition` holds, a stop is requested or `timeout` expires. Returns whether the condition holds.
bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout,
                const std::stop_token& stop = {});

template <Service S>
class ServiceClient {
 public:
  using Request = typename S::Request;
  using Response = typename S::Response;

  ServiceClient() = default;
  ServiceClient(const std::shared_ptr<NodeCore>& core, const std::string& name)
      : name_(name), core_(std::make_shared<ClientCore>(core, name, type_info<Request>(), type_info<Response>())) {}

  bool ready() const { return core_->ready(); }
  bool wait_for_service(std::chrono::milliseconds timeout, const std::stop_token& stop = {}) const {
    return wait_until([this] { return ready(); }, timeout, stop);
  }

  // Sends a request. The future throws Error kUnavailable when the server disappears before it replies, and kCorrupt
  // for a reply that cannot be decoded. Throws Error kUnavailable when no server is available. Do not wait for the
  // future on a callback's thread, because the reply needs that thread.
  std::future<Response> call(const Request& request) {
    auto promise = std::make_shared<std::promise<Response>>();
    core_->send(serialize(request), [promise, name = name_](const Received* reply) {
      try {
        if (reply == nullptr) throw Error(ErrorCode::kUnavailable, "the server of " + name + " disappeared");
        promise->set_value(deserialize<Response>(reply->bytes));
      } catch (...) {
        promise->set_exception(std::current_exception());
      }
    });
    return promise->get_future();
  }

  // Sends a request and waits for the reply. Throws also Error kUnavailable when no reply arrives within `timeout`.
  Response call(const Request& request, std::chrono::milliseconds timeout) {
    std::future<Response> reply = call(request);
    if (reply.wait_for(timeout) != std::future_status::ready) {
      throw Error(ErrorCode::kUnavailable, "service " + name_ + " did not answer in time");
    }
    return reply.get();
  }

 private:
  std::string name_;
  std::shared_ptr<ClientCore> core_;
};

}  // namespace clipseek::ros2

// Asking a service.
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

// The two topics of a service, in bytes, from the client's side.
class ClientCore {
 public:
  // A server's participant.
  using Server = std::array<std::uint8_t, 12>;
  // Called once on the node's threads: with the reply, or with nullptr when all servers that the request went to have
  // gone before it came.
  using OnReply = std::function<void(const Received* reply)>;

  ClientCore(const std::shared_ptr<NodeCore>& core, const std::string& name, const TypeInfo& request,
             const TypeInfo& response);
  ~ClientCore();
  // Ends requests without a reply as lost. No change of servers is reported after it.
  void close();

  // Whether some server has both its halves matched with ours.
  bool ready() const;
  bool ready(const Server& server) const;
  // Throws Error kUnavailable when no server is ready or DDS does not take the request.
  void send(const Bytes& request, OnReply on_reply);
  // `changed` is called on the node's threads when a server has come or gone.
  void on_servers_changed(std::function<void()> changed);

 private:
  struct Pending {
    OnReply on_reply;
    std::vector<Server> servers;  // that were there when it was sent: one that comes later does not get it
  };
  std::vector<Server> ready_servers() const;
  void take_reply(const Received& reply);
  void servers_changed();
  void lose_requests();

  std::shared_ptr<NodeCore> core_;
  std::string name_;
  std::shared_ptr<Strand> strand_;  // for changes of servers
  mutable std::mutex mutex_;
  std::map<std::int64_t, Pending> pending_;
  std::function<void()> changed_;
  std::atomic<bool> made_ = false;
  NodeWriter writer_;
  NodeReader reader_;  // after the writer: replies are compared with it
};

// Polls until `condition` holds, `stop` is requested or `timeout` is over. Whether it holds.
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

  // The reply to come; it throws Error kUnavailable when the server goes first, kCorrupt for a reply that is none.
  // Throws Error kUnavailable at once when no server is there. Do not wait for it on a callback's thread.
  std::future<Response> call(const Request& request) {
    auto promise = std::make_shared<std::promise<Response>>();
    core_->send(serialize(request), [promise, name = name_](const Received* reply) {
      try {
        if (reply == nullptr) throw Error(ErrorCode::kUnavailable, "the server of " + name + " has gone");
        promise->set_value(deserialize<Response>(reply->bytes));
      } catch (...) {
        promise->set_exception(std::current_exception());
      }
    });
    return promise->get_future();
  }

  // The reply, or Error kUnavailable when none has come within `timeout`.
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

// The server of a service.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ros2/node_core.h"

namespace clipseek::ros2 {

// The untyped server: the request and reply topics of a service. Messages are serialized bytes. ActionServerCore and
// ServiceServer use it.
class ServiceCore {
 public:
  using Handler = std::function<void(ServiceCore&, const Received& request)>;

  // `handler` runs on the node's threads, for one request at a time; it may be called before the constructor returns.
  ServiceCore(const std::shared_ptr<NodeCore>& core, const std::string& name, const TypeInfo& request,
              const TypeInfo& response, Handler handler);
  ~ServiceCore();

  // Sends a reply. If the client's reader is not matched yet, the reply is deferred until it is, for up to 60 s; then,
  // or when the client has left, the reply is dropped.
  void reply(const RequestId& to, const Bytes& response);
  // Waits up to `timeout` until no reply is deferred and every client has acknowledged all replies; returns whether
  // that is so.
  bool wait_delivered(std::chrono::milliseconds timeout);

 private:
  struct DeferredReply {
    RequestId to;
    Bytes response;
    std::chrono::steady_clock::time_point until;
  };

  void defer(const RequestId& to, const Bytes& response);
  bool has_deferred();
  void send_deferred();
  void write(const RequestId& to, const Bytes& response);

  std::shared_ptr<NodeCore> core_;
  std::string name_;
  std::mutex deferred_mutex_;
  std::vector<DeferredReply> deferred_;  // replies whose readers are not matched yet
  std::shared_ptr<Strand> strand_;
  NodeWriter writer_;  // declared before the reader, so that requests arrive only when replies can be sent
  NodeReader reader_;
};

// Copies share one server, which lives as long as its last copy.
template <Service S>
class ServiceServer {
 public:
  using Callback = std::function<typename S::Response(const typename S::Request&)>;

  ServiceServer() = default;
  ServiceServer(const std::shared_ptr<NodeCore>& core, const std::string& name, Callback callback)
      : core_(std::make_shared<ServiceCore>(
            core, name, type_info<typename S::Request>(), type_info<typename S::Response>(),
            [callback = std::move(callback)](ServiceCore& service, const Received& message) {
              auto request = deserialize<typename S::Request>(message.bytes);
              service.reply(message.request, serialize(callback(request)));
            })) {}

 private:
  std::shared_ptr<ServiceCore> core_;
};

// The server of a service "~/name".
template <Service S>
ServiceServer<S> node_service(const std::shared_ptr<NodeCore>& core, const std::string& name,
                              typename ServiceServer<S>::Callback callback) {
  return ServiceServer<S>(core, remap_service(core->arguments(), core->identity(), "~/" + name), std::move(callback));
}

}  // namespace clipseek::ros2

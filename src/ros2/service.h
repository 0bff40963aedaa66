// Answering requests.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ros2/node_core.h"

namespace clipseek::ros2 {

// The two topics of a service, in bytes. Actions are built on it, typed services are below.
class ServiceCore {
 public:
  using Handle = std::function<void(ServiceCore&, const Received& request)>;

  // `handle` runs on the node's threads, one request after another, perhaps before the constructor has returned.
  ServiceCore(const std::shared_ptr<NodeCore>& core, const std::string& name, const TypeInfo& request,
              const TypeInfo& response, Handle handle);
  ~ServiceCore();

  // Sends a reply. One to a client that DDS is still connecting waits for that, for 10 s; then, and when the client has
  // gone, it is dropped.
  void reply(const RequestId& to, const Bytes& response);
  // Whether every client has the replies sent so far, waiting up to `timeout`.
  bool wait_acknowledged(std::chrono::milliseconds timeout) { return writer_->wait_acknowledged(timeout); }

 private:
  struct Parked {
    RequestId to;
    Bytes response;
    std::chrono::steady_clock::time_point until;
  };

  void park(const RequestId& to, const Bytes& response);
  void send_parked();
  void write(const RequestId& to, const Bytes& response);

  std::shared_ptr<NodeCore> core_;
  std::string name_;
  std::mutex parked_mutex_;
  std::vector<Parked> parked_;  // replies whose readers are not matched yet
  std::shared_ptr<Strand> strand_;
  NodeWriter writer_;  // before the reader: a service must be seen whole
  NodeReader reader_;
};

// Lives as long as its last copy.
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

}  // namespace clipseek::ros2

#include "ros2/service.h"

#include <algorithm>

#include "clipseek/error.h"
#include "ros2/client.h"
#include "ros2/interface_types.h"
#include "ros2/names.h"

namespace clipseek::ros2 {
namespace {

// Discovery can take seconds on a busy machine. rmw_fastrtps waits 100 ms and then drops the reply, after which its
// client waits forever.
constexpr std::chrono::seconds kMatchTimeout{60};
constexpr std::size_t kMaxDeferred = 1000;
// This bit of an entity id is set for a reader.
constexpr std::uint8_t kReaderBit = 0x04;

}  // namespace

ServiceCore::ServiceCore(const std::shared_ptr<NodeCore>& core, const std::string& name, const TypeInfo& request,
                         const TypeInfo& response, Handler handler)
    : core_(core),
      name_(name),
      strand_(core->make_strand(name)),
      writer_(core, EndpointSpec{dds_reply_topic(name), response, Qos::services(),
                                 [this] { strand_->post([this] { send_deferred(); }); }}),
      reader_(core, EndpointSpec{dds_request_topic(name), request, Qos::services(), {}},
              static_cast<std::size_t>(Qos::services().depth),
              [this, handler = std::move(handler)](const Received& message) { handler(*this, message); }) {
  core->add_type(writer_->guid(), service_type(request, response));
}

ServiceCore::~ServiceCore() {
  strand_->close();  // its tasks use the writer
}

void ServiceCore::reply(const RequestId& to, const Bytes& response) {
  bool names_a_reader = (to.client.bytes.back() & kReaderBit) != 0;
  if (!names_a_reader || writer_->is_matched(to.client)) return write(to, response);
  if (!core_->knows_participant(to.client)) return;  // the client has left
  defer(to, response);
  send_deferred();  // in case the reader was matched before the reply was deferred
}

void ServiceCore::defer(const RequestId& to, const Bytes& response) {
  std::lock_guard lock(deferred_mutex_);
  if (deferred_.size() >= kMaxDeferred) deferred_.erase(deferred_.begin());
  deferred_.push_back({to, response, std::chrono::steady_clock::now() + kMatchTimeout});
}

bool ServiceCore::has_deferred() {
  std::lock_guard lock(deferred_mutex_);
  std::erase_if(deferred_, [&](const DeferredReply& reply) { return !core_->knows_participant(reply.to.client); });
  return !deferred_.empty();
}

bool ServiceCore::wait_delivered(std::chrono::milliseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  if (!wait_until([this] { return !has_deferred(); }, timeout)) return false;
  auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
  return writer_->wait_acknowledged(std::max(left, std::chrono::milliseconds(0)));
}

// Holds the mutex while it writes, so that has_deferred() returns true until the replies are written.
void ServiceCore::send_deferred() {
  std::lock_guard lock(deferred_mutex_);
  auto now = std::chrono::steady_clock::now();
  std::erase_if(deferred_, [&](const DeferredReply& reply) {
    if (!writer_->is_matched(reply.to.client)) return reply.until < now;
    write(reply.to, reply.response);
    return true;
  });
}

void ServiceCore::write(const RequestId& to, const Bytes& response) {
  try {
    writer_->write(response, to);
  } catch (const Error& error) {
    core_->logger().warn("service " + name_ + ": " + error.what());
  }
}

}  // namespace clipseek::ros2

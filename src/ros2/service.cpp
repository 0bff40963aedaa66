#include "ros2/service.h"

#include "base/error.h"
#include "ros2/names.h"

namespace clipseek::ros2 {
namespace {

// How long a reply waits for its reader to be matched, as rmw_fastrtps does.
constexpr std::chrono::milliseconds kMatchTimeout{100};
// An entity id with this bit is a reader's.
constexpr std::uint8_t kReaderBit = 0x04;

}  // namespace

ServiceCore::ServiceCore(const std::shared_ptr<NodeCore>& core, const std::string& name, const TypeInfo& request,
                         const TypeInfo& response, Handle handle)
    : core_(core),
      name_(name),
      writer_(core, EndpointSpec{dds_reply_topic(name), response, Qos::services(), {}}),
      reader_(core, EndpointSpec{dds_request_topic(name), request, Qos::services(), {}},
              static_cast<std::size_t>(Qos::services().depth),
              [this, handle = std::move(handle)](const Received& message) { handle(*this, message); }) {}

void ServiceCore::reply(const RequestId& to, const Bytes& response) {
  bool names_a_reader = (to.client.bytes.back() & kReaderBit) != 0;
  if (names_a_reader && !writer_->wait_matched(to.client, std::chrono::milliseconds(0))) {
    if (!core_->knows_participant(to.client)) return;  // the client has gone
    if (!writer_->wait_matched(to.client, kMatchTimeout)) {
      core_->logger().warn("client will not receive response of service " + name_);
      return;
    }
  }
  try {
    writer_->write(response, to);
  } catch (const Error& error) {
    core_->logger().warn("service " + name_ + ": " + error.what());
  }
}

}  // namespace clipseek::ros2

#include "ros2/service.h"

#include "clipseek/error.h"
#include "ros2/names.h"

namespace clipseek::ros2 {
namespace {

// Discovery takes seconds on a busy machine. rmw_fastrtps waits for 100 ms and drops the reply; its client then waits
// for ever.
constexpr std::chrono::seconds kMatchTime{10};
constexpr std::chrono::milliseconds kUsualMatchTime{100};
constexpr std::size_t kMaxParked = 1000;
// An entity id with this bit is a reader's.
constexpr std::uint8_t kReaderBit = 0x04;

}  // namespace

ServiceCore::ServiceCore(const std::shared_ptr<NodeCore>& core, const std::string& name, const TypeInfo& request,
                         const TypeInfo& response, Handle handle)
    : core_(core),
      name_(name),
      strand_(core->make_strand(name)),
      writer_(core, EndpointSpec{dds_reply_topic(name), response, Qos::services(),
                                 [this] { strand_->post([this] { send_parked(); }); }}),
      reader_(core, EndpointSpec{dds_request_topic(name), request, Qos::services(), {}},
              static_cast<std::size_t>(Qos::services().depth),
              [this, handle = std::move(handle)](const Received& message) { handle(*this, message); }) {}

ServiceCore::~ServiceCore() {
  strand_->close();  // what runs there uses the writer
}

void ServiceCore::reply(const RequestId& to, const Bytes& response) {
  bool names_a_reader = (to.client.bytes.back() & kReaderBit) != 0;
  if (!names_a_reader || writer_->wait_matched(to.client, std::chrono::milliseconds(0))) return write(to, response);
  if (!core_->knows_participant(to.client)) return;  // the client has gone
  // Nearly always enough, and a server that is about to stop has no other chance.
  if (writer_->wait_matched(to.client, kUsualMatchTime)) return write(to, response);
  park(to, response);
  send_parked();  // it may have been matched meanwhile
}

void ServiceCore::park(const RequestId& to, const Bytes& response) {
  std::lock_guard lock(parked_mutex_);
  if (parked_.size() >= kMaxParked) parked_.erase(parked_.begin());
  parked_.push_back({to, response, std::chrono::steady_clock::now() + kMatchTime});
}

void ServiceCore::send_parked() {
  std::vector<Parked> ready;
  {
    std::lock_guard lock(parked_mutex_);
    auto now = std::chrono::steady_clock::now();
    std::erase_if(parked_, [&](Parked& parked) {
      if (!writer_->wait_matched(parked.to.client, std::chrono::milliseconds(0))) return parked.until < now;
      ready.push_back(std::move(parked));
      return true;
    });
  }
  for (const Parked& parked : ready) write(parked.to, parked.response);
}

void ServiceCore::write(const RequestId& to, const Bytes& response) {
  try {
    writer_->write(response, to);
  } catch (const Error& error) {
    core_->logger().warn("service " + name_ + ": " + error.what());
  }
}

}  // namespace clipseek::ros2

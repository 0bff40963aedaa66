#include "ros2/dds_setup.h"

#include <mutex>

#include "base/log.h"

namespace clipseek::ros2 {
namespace {

// The number of participants per host that discovery addresses by unicast; the value is Jazzy's.
constexpr std::uint32_t kMaxPeersPerHost = 32;
// A crashed process is noticed when its lease expires; ROS 2 uses the same lease. With a shorter one, a busy machine
// loses live peers that are not scheduled for a while.
constexpr std::int32_t kLeaseSeconds = 20;
constexpr std::uint32_t kAnnounceNanoseconds = 500'000'000;
constexpr std::uint32_t kInitialAnnouncements = 20;
constexpr std::uint32_t kInitialAnnounceNanoseconds = 50'000'000;
constexpr std::uint32_t kSocketBytes = 4U << 20;
constexpr std::uint32_t kSharedSegmentBytes = 16U << 20;  // of each writer; holds two full-HD pictures
constexpr const char* kDiscoveryMulticast = "239.255.0.1";

class LogForwarder : public dds::LogConsumer {
 public:
  void Consume(const dds::Log::Entry& entry) override {
    std::string text = "DDS: " + entry.message;
    if (entry.kind == dds::Log::Kind::Error) {
      base::log_warn(text);
    } else {
      base::log_debug(text);
    }
  }
};

void add_peer(dds::DomainParticipantQos& qos, const std::string& address, std::uint32_t port) {
  rtps::Locator_t locator;
  locator.kind = LOCATOR_KIND_UDPv4;
  locator.port = port;
  auto resolved = rtps::IPLocator::resolveNameDNS(address);
  bool is_address = rtps::IPLocator::isIPv4(address);
  if (!is_address && resolved.first.empty()) {
    base::log_warn("static peer " + address + " is ignored: it has no IPv4 address");
    return;
  }
  rtps::IPLocator::setIPv4(locator, is_address ? address : *resolved.first.begin());
  qos.wire_protocol().builtin.initialPeersList.push_back(locator);
}

void add_multicast_peer(dds::DomainParticipantQos& qos, std::uint32_t domain) {
  add_peer(qos, kDiscoveryMulticast, qos.wire_protocol().port.getMulticastPort(domain));
}

// A default unicast locator in the list keeps Fast DDS from adding the multicast locator.
void listen_to_unicast_only(dds::DomainParticipantQos& qos) {
  qos.wire_protocol().builtin.metatrafficMulticastLocatorList.clear();
  qos.wire_protocol().builtin.metatrafficUnicastLocatorList.push_back(rtps::Locator_t());
}

// Announces 127.0.0.1 alone. A whitelist of interfaces would do the same and also keep the sockets off other addresses,
// but with one Fast DDS does not send to the other addresses of this host, which Jazzy's nodes announce; Humble's nodes
// have such a whitelist themselves, and can be reached and reach this participant on 127.0.0.1 only.
void be_reached_on_loopback(dds::DomainParticipantQos& qos) {
  rtps::Locator_t loopback;
  loopback.kind = LOCATOR_KIND_UDPv4;
  rtps::IPLocator::setIPv4(loopback, "127.0.0.1");
  qos.wire_protocol().builtin.metatrafficMulticastLocatorList.clear();
  qos.wire_protocol().builtin.metatrafficUnicastLocatorList.push_back(loopback);
  qos.wire_protocol().default_unicast_locator_list.push_back(loopback);
}

void set_discovery(dds::DomainParticipantQos& qos, const ParticipantOptions& options) {
  auto& discovery = qos.wire_protocol().builtin.discovery_config;
  discovery.leaseDuration = {kLeaseSeconds, 0};
  discovery.leaseDuration_announcementperiod = {0, kAnnounceNanoseconds};
  discovery.initial_announcements.count = kInitialAnnouncements;
  discovery.initial_announcements.period = {0, kInitialAnnounceNanoseconds};
  if (options.range == DiscoveryRange::kOff) {
    qos.allocation().participants.maximum = 1;
    listen_to_unicast_only(qos);
    return;
  }
  if (options.range == DiscoveryRange::kLocalhost) {
    add_peer(qos, "127.0.0.1", 0);
    if (options.loopback_only) {
      be_reached_on_loopback(qos);
    } else {
      listen_to_unicast_only(qos);
    }
  }
  for (const std::string& peer : options.static_peers) add_peer(qos, peer, 0);
  bool subnet = options.range == DiscoveryRange::kSubnet;
  if (subnet && !options.static_peers.empty()) add_multicast_peer(qos, options.domain_id);
}

// UDP only by default: the shared-memory transport of Fast DDS 2.9.1 aborts when another version's runs on the host.
void set_transports(dds::DomainParticipantQos& qos, const ParticipantOptions& options) {
  if (!qos.transport().user_transports.empty()) return;  // the user's XML profile sets transports
  qos.transport().use_builtin_transports = false;
  auto udp = std::make_shared<UDPv4TransportDescriptor>();
  udp->maxInitialPeersRange = kMaxPeersPerHost;
  udp->sendBufferSize = kSocketBytes;
  udp->receiveBufferSize = kSocketBytes;
  qos.transport().user_transports.push_back(udp);
  if (!options.shared_memory) return;
  auto shared = std::make_shared<SharedMemTransportDescriptor>();
  shared->segment_size(kSharedSegmentBytes);
  qos.transport().user_transports.push_back(shared);
}

}  // namespace

dds::DomainParticipantQos participant_qos(const dds::DomainParticipantQos& defaults,
                                          const ParticipantOptions& options) {
  dds::DomainParticipantQos qos = defaults;
  qos.name(options.enclave);
  // ROS 2 peers expect the terminating NUL. The key `clipseek` marks our own participants, which read both graph
  // layouts.
  std::string user_data = "enclave=" + options.enclave + ";clipseek=1;";
  user_data.push_back('\0');
  qos.user_data().setValue(std::vector<rtps::octet>(user_data.begin(), user_data.end()));
  qos.wire_protocol().builtin.readerHistoryMemoryPolicy = rtps::PREALLOCATED_WITH_REALLOC_MEMORY_MODE;
  qos.wire_protocol().builtin.writerHistoryMemoryPolicy = rtps::PREALLOCATED_WITH_REALLOC_MEMORY_MODE;
  set_discovery(qos, options);
  set_transports(qos, options);
  for (const auto& [name, value] : options.security) qos.properties().properties().emplace_back(name, value);
  return qos;
}

void route_dds_log() {
  static std::once_flag once;
  std::call_once(once, [] {
    dds::Log::ClearConsumers();
    dds::Log::RegisterConsumer(std::make_unique<LogForwarder>());
  });
}

}  // namespace clipseek::ros2

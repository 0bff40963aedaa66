#include "ros2/dds_setup.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>

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
constexpr const char* kLoopback = "127.0.0.1";
constexpr const char* kDiscoveryMulticast = "239.255.0.1";          // of RTPS
constexpr const char* kDiscoveryMulticastV6 = "ff1e::ffff:efff:1";  // of Fast DDS

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

// Resolves `address` to an address of the transports' kind.
std::string resolve(const std::string& address, bool v6) {
  if (v6 ? rtps::IPLocator::isIPv6(address) : rtps::IPLocator::isIPv4(address)) return address;
  const auto [v4_addresses, v6_addresses] = rtps::IPLocator::resolveNameDNS(address);
  const auto& addresses = v6 ? v6_addresses : v4_addresses;
  return addresses.empty() ? "" : *addresses.begin();
}

rtps::Locator_t udp_locator(const std::string& address, bool v6, std::uint32_t port = 0) {
  rtps::Locator_t locator;
  locator.kind = v6 ? LOCATOR_KIND_UDPv6 : LOCATOR_KIND_UDPv4;
  locator.port = port;
  if (address.empty()) return locator;
  if (v6) {
    rtps::IPLocator::setIPv6(locator, address);
  } else {
    rtps::IPLocator::setIPv4(locator, address);
  }
  return locator;
}

void add_peer(dds::DomainParticipantQos& qos, const std::string& peer, bool v6) {
  const std::string address = resolve(peer, v6);
  if (address.empty()) {
    base::log_warn("static peer " + peer + " is ignored: it has no " + (v6 ? "IPv6" : "IPv4") + " address");
    return;
  }
  qos.wire_protocol().builtin.initialPeersList.push_back(udp_locator(address, v6));
}

void add_multicast_peer(dds::DomainParticipantQos& qos, std::uint32_t domain, bool v6) {
  qos.wire_protocol().builtin.initialPeersList.push_back(udp_locator(
      v6 ? kDiscoveryMulticastV6 : kDiscoveryMulticast, v6, qos.wire_protocol().port.getMulticastPort(domain)));
}

// A default unicast locator in the list keeps Fast DDS from adding the multicast locator.
void listen_to_unicast_only(dds::DomainParticipantQos& qos, bool v6) {
  qos.wire_protocol().builtin.metatrafficMulticastLocatorList.clear();
  qos.wire_protocol().builtin.metatrafficUnicastLocatorList.push_back(udp_locator("", v6));
}

// Announces 127.0.0.1 alone. A whitelist of interfaces would do the same and also keep the sockets off other addresses,
// but with one Fast DDS does not send to the other addresses of this host, which Jazzy's nodes announce; Humble's nodes
// have such a whitelist themselves, and can be reached and reach this participant on 127.0.0.1 only. There are no
// multicast announcements: without a whitelist, Fast DDS sends them on all interfaces, and Linux sends them to the
// network even with a time to live of 0, unless a program on this host listens to them on that interface.
void be_reached_on_loopback(dds::DomainParticipantQos& qos) {
  const rtps::Locator_t loopback = udp_locator(kLoopback, false);
  qos.wire_protocol().builtin.metatrafficMulticastLocatorList.clear();
  qos.wire_protocol().builtin.metatrafficUnicastLocatorList.push_back(loopback);
  qos.wire_protocol().default_unicast_locator_list.push_back(loopback);
}

void set_discovery(dds::DomainParticipantQos& qos, const ParticipantOptions& options, const TransportPlan& plan) {
  auto& discovery = qos.wire_protocol().builtin.discovery_config;
  discovery.leaseDuration = {kLeaseSeconds, 0};
  discovery.leaseDuration_announcementperiod = {0, kAnnounceNanoseconds};
  discovery.initial_announcements.count = kInitialAnnouncements;
  discovery.initial_announcements.period = {0, kInitialAnnounceNanoseconds};
  if (options.range == DiscoveryRange::kOff) qos.allocation().participants.maximum = 1;
  if (!plan.udp_v4 && !plan.udp_v6) return;  // the SHM transport alone uses no IP addresses
  const bool v6 = plan.udp_v6;
  if (plan.large_data) return;  // its participants listen to announcements on the multicast address alone
  if (options.range == DiscoveryRange::kOff) {
    listen_to_unicast_only(qos, v6);
    return;
  }
  if (options.range == DiscoveryRange::kLocalhost) {  // where plan_transports() uses IPv4
    add_peer(qos, kLoopback, false);
    if (options.loopback_only) {
      be_reached_on_loopback(qos);
    } else {
      listen_to_unicast_only(qos, false);
    }
  }
  for (const std::string& peer : options.static_peers) add_peer(qos, peer, v6);
  bool subnet = options.range == DiscoveryRange::kSubnet;
  if (subnet && !options.static_peers.empty()) add_multicast_peer(qos, options.domain_id, v6);
}

template <typename Udp>
std::shared_ptr<Udp> udp_transport(const TransportChoice& choice) {
  auto udp = std::make_shared<Udp>();
  udp->maxInitialPeersRange = kMaxPeersPerHost;
  udp->sendBufferSize = choice.socket_bytes > 0 ? choice.socket_bytes : kSocketBytes;
  udp->receiveBufferSize = udp->sendBufferSize;
  udp->non_blocking_send = choice.non_blocking;
  if (choice.max_message_bytes > 0) udp->maxMessageSize = std::min(choice.max_message_bytes, udp->maxMessageSize);
  return udp;
}

void set_transports(dds::DomainParticipantQos& qos, const TransportChoice& choice, const TransportPlan& plan) {
  if (plan.large_data) return set_up_large_data(qos, plan.udp_v6, choice);
  qos.transport().use_builtin_transports = false;
  auto& transports = qos.transport().user_transports;
  if (plan.udp_v4) transports.push_back(udp_transport<UDPv4TransportDescriptor>(choice));
  if (plan.udp_v6) transports.push_back(udp_transport<UDPv6TransportDescriptor>(choice));
  if (!plan.shared_memory) return;
  auto shared = std::make_shared<SharedMemTransportDescriptor>();
  shared->segment_size(kSharedSegmentBytes);
  transports.push_back(shared);
}

// Logs the plan's warning once, also where a process has several participants.
TransportPlan transport_plan(const ParticipantOptions& options) {
  TransportLimits limits;
  limits.name = kFastDdsName;
  limits.version = kFastDdsVersion;
  limits.large_data = kHasLargeData;
  limits.large_data_v6 = kHasLargeDataV6;
  limits.large_data_options = kHasLargeDataOptions;
  limits.only_this_host = options.range == DiscoveryRange::kLocalhost;
  limits.shared_memory = options.shared_memory;
  TransportPlan plan = plan_transports(options.transports, limits);
  static std::once_flag once;
  if (!plan.warning.empty()) std::call_once(once, [&plan] { base::log_warn(plan.warning); });
  return plan;
}

}  // namespace

dds::DomainParticipantQos participant_qos(const dds::DomainParticipantQos& defaults,
                                          const ParticipantOptions& options) {
  dds::DomainParticipantQos qos = defaults;
  // Transports in the user's XML profile replace ours, and Fast DDS's own, whatever the variable says.
  const bool own_transports = qos.transport().user_transports.empty();
  const TransportPlan plan = own_transports ? transport_plan(options) : TransportPlan{.udp_v4 = true, .warning = {}};
  if (own_transports) set_transports(qos, options.transports, plan);
  qos.name(options.enclave);
  // ROS 2 peers expect the terminating NUL. The key `clipseek` marks our own participants, which read both graph
  // layouts.
  std::string user_data = "enclave=" + options.enclave + ";clipseek=1;";
  user_data.push_back('\0');
  qos.user_data().setValue(std::vector<rtps::octet>(user_data.begin(), user_data.end()));
  qos.wire_protocol().builtin.readerHistoryMemoryPolicy = rtps::PREALLOCATED_WITH_REALLOC_MEMORY_MODE;
  qos.wire_protocol().builtin.writerHistoryMemoryPolicy = rtps::PREALLOCATED_WITH_REALLOC_MEMORY_MODE;
  set_discovery(qos, options, plan);
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

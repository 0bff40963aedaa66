#include "ros2/dds_types.h"

#include <cstring>
#include <new>

namespace clipseek::ros2 {
namespace {

constexpr std::uint32_t kEncapsulation = 4;
// The initial size of pool buffers, which grow with the messages.
constexpr std::uint32_t kFirstBufferBytes = 256;
// Versions of Fast DDS may have incompatible shared-memory layouts, so only peers with this domain id share memory.
constexpr std::uint16_t kDataSharingId = 0xC000 | kFastDdsVersion;
// Samples that a publisher or a subscriber may have on loan while the history is full.
constexpr std::int32_t kExtraSamples = 4;

template <typename EndpointQos>
void set_common(EndpointQos& qos, const EndpointSpec& spec, bool plain) {
  qos.reliability().kind = spec.qos.reliable ? dds::RELIABLE_RELIABILITY_QOS : dds::BEST_EFFORT_RELIABILITY_QOS;
  qos.durability().kind = spec.qos.transient_local ? dds::TRANSIENT_LOCAL_DURABILITY_QOS : dds::VOLATILE_DURABILITY_QOS;
  qos.history().kind = spec.qos.keep_all && !plain ? dds::KEEP_ALL_HISTORY_QOS : dds::KEEP_LAST_HISTORY_QOS;
  qos.history().depth = spec.qos.depth;
  qos.endpoint().history_memory_policy =
      plain ? rtps::PREALLOCATED_MEMORY_MODE : rtps::PREALLOCATED_WITH_REALLOC_MEMORY_MODE;
  // "automatic" alone chooses the ids of this host. In every form it leaves data sharing off where security protects
  // the topic, which "on" does not accept.
  if (!plain) {
    qos.data_sharing().off();
  } else if (spec.qos.data_sharing == DataSharing::kAutomatic) {
    qos.data_sharing().automatic();
  } else {
    qos.data_sharing().automatic(std::vector<std::uint16_t>{kDataSharingId});
  }
  if (!spec.type.hash.empty()) {
    std::string text = "typehash=" + spec.type.hash + ";";
    qos.user_data().setValue(std::vector<rtps::octet>(text.begin(), text.end()));
  }
}

DdsDuration duration(std::chrono::milliseconds time) {
  return {static_cast<std::int32_t>(time.count() / 1000), static_cast<std::uint32_t>(time.count() % 1000 * 1'000'000)};
}

}  // namespace

BytesType::BytesType(const std::string& dds_name) : TopicType(dds_name, kFirstBufferBytes, false) {}

bool BytesType::write_payload(const void* sample, rtps::SerializedPayload_t& payload) const {
  const Bytes& bytes = *static_cast<const Bytes*>(sample);
  if (bytes.size() > payload.max_size) return false;
  std::memcpy(payload.data, bytes.data(), bytes.size());
  payload.length = static_cast<std::uint32_t>(bytes.size());
  payload.encapsulation = CDR_LE;
  return true;
}

bool BytesType::read_payload(const rtps::SerializedPayload_t& payload, void* sample) const {
  const auto* begin = reinterpret_cast<const std::byte*>(payload.data);
  static_cast<Bytes*>(sample)->assign(begin, begin + payload.length);
  return true;
}

std::uint32_t BytesType::payload_bytes(const void* sample) const {
  return static_cast<std::uint32_t>(static_cast<const Bytes*>(sample)->size());
}

void* BytesType::new_sample() const {
  return new Bytes();
}

void BytesType::delete_sample(void* sample) const {
  delete static_cast<Bytes*>(sample);
}

PlainType::PlainType(const std::string& dds_name, std::size_t size)
    : TopicType(dds_name, kEncapsulation + static_cast<std::uint32_t>(size), true), size_(size) {}

bool PlainType::write_payload(const void* sample, rtps::SerializedPayload_t& payload) const {
  if (payload.max_size < payload_bytes(sample)) return false;
  constexpr rtps::octet kHeader[kEncapsulation] = {0, CDR_LE, 0, 0};
  std::memcpy(payload.data, kHeader, kEncapsulation);
  std::memcpy(payload.data + kEncapsulation, sample, size_);
  payload.length = payload_bytes(sample);
  payload.encapsulation = CDR_LE;
  return true;
}

bool PlainType::read_payload(const rtps::SerializedPayload_t& payload, void* sample) const {
  if (payload.length < payload_bytes(sample)) return false;
  std::memcpy(sample, payload.data + kEncapsulation, size_);
  return true;
}

std::uint32_t PlainType::payload_bytes(const void*) const {
  return kEncapsulation + static_cast<std::uint32_t>(size_);
}

void* PlainType::new_sample() const {
  return ::operator new(size_);
}

void PlainType::delete_sample(void* sample) const {
  ::operator delete(sample);
}

// Initializes the first bytes only, which hold the header fields: the publisher fills the rest, and touching a whole
// picture costs time.
bool PlainType::construct_sample(void* memory) const {
  std::memset(memory, 0, std::min<std::size_t>(size_, 64));
  return true;
}

dds::DataWriterQos writer_qos(const dds::DataWriterQos& defaults, const EndpointSpec& spec, bool plain) {
  dds::DataWriterQos qos = defaults;
  set_common(qos, spec, plain);
  qos.publish_mode().kind = dds::SYNCHRONOUS_PUBLISH_MODE;
  set_heartbeat_period(qos, duration(spec.qos.heartbeat));
  if (spec.qos.lifespan.count() > 0) qos.lifespan().duration = duration(spec.qos.lifespan);
  if (plain) {
    qos.resource_limits().max_samples = spec.qos.depth;
    qos.resource_limits().max_instances = 1;
    qos.resource_limits().max_samples_per_instance = spec.qos.depth;
    qos.resource_limits().allocated_samples = 0;
    qos.resource_limits().extra_samples = kExtraSamples;
  }
  return qos;
}

dds::DataReaderQos reader_qos(const dds::DataReaderQos& defaults, const EndpointSpec& spec, bool plain) {
  dds::DataReaderQos qos = defaults;
  set_common(qos, spec, plain);
  if (plain) {
    qos.resource_limits().max_samples = spec.qos.depth;
    qos.resource_limits().max_instances = 1;
    qos.resource_limits().max_samples_per_instance = spec.qos.depth;
    qos.resource_limits().allocated_samples = 0;
    qos.resource_limits().extra_samples = kExtraSamples;
  }
  return qos;
}

void MatchedSet::change(const Guid& guid, bool matched) {
  std::lock_guard lock(mutex_);
  if (matched) {
    guids_.insert(guid);
  } else {
    guids_.erase(guid);
  }
}

std::vector<Guid> MatchedSet::list() const {
  std::lock_guard lock(mutex_);
  return {guids_.begin(), guids_.end()};
}

bool MatchedSet::contains(const Guid& guid) const {
  std::lock_guard lock(mutex_);
  return guids_.count(guid) > 0;
}

}  // namespace clipseek::ros2

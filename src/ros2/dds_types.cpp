#include "ros2/dds_types.h"

#include <cstring>
#include <new>

namespace clipseek::ros2 {
namespace {

constexpr std::uint32_t kEncapsulation = 4;
// The initial size of pool buffers, which grow with the messages.
constexpr std::uint32_t kFirstBufferBytes = 256;
// Versions of Fast DDS have incompatible shared-memory layouts, so only peers with this domain id share memory.
constexpr std::uint16_t kDataSharingId = 0xC15E;
// Samples that a publisher or a subscriber may have on loan while the history is full.
constexpr std::int32_t kExtraSamples = 4;

template <typename EndpointQos>
void set_common(EndpointQos& qos, const EndpointSpec& spec, bool plain) {
  qos.reliability().kind = spec.qos.reliable ? dds::RELIABLE_RELIABILITY_QOS : dds::BEST_EFFORT_RELIABILITY_QOS;
  qos.durability().kind = spec.qos.transient_local ? dds::TRANSIENT_LOCAL_DURABILITY_QOS : dds::VOLATILE_DURABILITY_QOS;
  qos.history().kind = dds::KEEP_LAST_HISTORY_QOS;
  qos.history().depth = spec.qos.depth;
  qos.endpoint().history_memory_policy =
      plain ? rtps::PREALLOCATED_MEMORY_MODE : rtps::PREALLOCATED_WITH_REALLOC_MEMORY_MODE;
  if (plain) {
    qos.data_sharing().on("", std::vector<std::uint16_t>{kDataSharingId});
  } else {
    qos.data_sharing().off();
  }
  if (!spec.type.hash.empty()) {
    std::string text = "typehash=" + spec.type.hash + ";";
    qos.user_data().setValue(std::vector<rtps::octet>(text.begin(), text.end()));
  }
}

eprosima::fastrtps::Duration_t duration(std::chrono::milliseconds time) {
  return {static_cast<std::int32_t>(time.count() / 1000), static_cast<std::uint32_t>(time.count() % 1000 * 1'000'000)};
}

}  // namespace

BytesType::BytesType(const std::string& dds_name) {
  setName(dds_name.c_str());
  m_typeSize = kFirstBufferBytes;
  m_isGetKeyDefined = false;
  auto_fill_type_object(false);
  auto_fill_type_information(false);
}

bool BytesType::serialize(void* data, rtps::SerializedPayload_t* payload) {
  const Bytes& bytes = *static_cast<const Bytes*>(data);
  if (bytes.size() > payload->max_size) return false;
  std::memcpy(payload->data, bytes.data(), bytes.size());
  payload->length = static_cast<std::uint32_t>(bytes.size());
  payload->encapsulation = CDR_LE;
  return true;
}

bool BytesType::deserialize(rtps::SerializedPayload_t* payload, void* data) {
  const auto* begin = reinterpret_cast<const std::byte*>(payload->data);
  static_cast<Bytes*>(data)->assign(begin, begin + payload->length);
  return true;
}

std::function<uint32_t()> BytesType::getSerializedSizeProvider(void* data) {
  return [data] { return static_cast<std::uint32_t>(static_cast<const Bytes*>(data)->size()); };
}

void* BytesType::createData() {
  return new Bytes();
}

void BytesType::deleteData(void* data) {
  delete static_cast<Bytes*>(data);
}

PlainType::PlainType(const std::string& dds_name, std::size_t size) : size_(size) {
  setName(dds_name.c_str());
  m_typeSize = kEncapsulation + static_cast<std::uint32_t>(size);
  m_isGetKeyDefined = false;
  auto_fill_type_object(false);
  auto_fill_type_information(false);
}

bool PlainType::serialize(void* data, rtps::SerializedPayload_t* payload) {
  if (payload->max_size < m_typeSize) return false;
  constexpr rtps::octet kHeader[kEncapsulation] = {0, CDR_LE, 0, 0};
  std::memcpy(payload->data, kHeader, kEncapsulation);
  std::memcpy(payload->data + kEncapsulation, data, size_);
  payload->length = m_typeSize;
  payload->encapsulation = CDR_LE;
  return true;
}

bool PlainType::deserialize(rtps::SerializedPayload_t* payload, void* data) {
  if (payload->length < m_typeSize) return false;
  std::memcpy(data, payload->data + kEncapsulation, size_);
  return true;
}

std::function<uint32_t()> PlainType::getSerializedSizeProvider(void*) {
  return [size = m_typeSize] { return size; };
}

void* PlainType::createData() {
  return ::operator new(size_);
}

void PlainType::deleteData(void* data) {
  ::operator delete(data);
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
  qos.reliable_writer_qos().times.heartbeatPeriod = duration(spec.qos.heartbeat);
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

// Fast DDS for the files of this folder, in one form for its versions 2 and 3 (2.6, 2.9, 2.14 and 3.1 were tried): all
// differences between them are in this header. Only .cpp files of this folder include it.
#pragma once

// CMake defines CLIPSEEK_FAST_DDS_3; two versions may be installed side by side.
#if CLIPSEEK_FAST_DDS_3
#include <fastdds/LibrarySettings.hpp>
#include <fastdds/config.hpp>
#include <fastdds/rtps/common/WriteParams.hpp>
#include <fastdds/rtps/transport/UDPv4TransportDescriptor.hpp>
#include <fastdds/rtps/transport/UDPv6TransportDescriptor.hpp>
#include <fastdds/rtps/transport/shared_mem/SharedMemTransportDescriptor.hpp>
#include <fastdds/utils/IPLocator.hpp>
#else
#include <fastdds/rtps/common/WriteParams.h>
#include <fastdds/rtps/transport/UDPv4TransportDescriptor.h>
#include <fastdds/rtps/transport/UDPv6TransportDescriptor.h>
#include <fastdds/rtps/transport/shared_mem/SharedMemTransportDescriptor.h>
#include <fastrtps/config.h>
#include <fastrtps/utils/IPLocator.h>
#include <fastrtps/xmlparser/XMLProfileManager.h>
#endif
#if __has_include(<fastdds/rtps/attributes/BuiltinTransports.hpp>)
#include <fastdds/rtps/attributes/BuiltinTransports.hpp>
#define CLIPSEEK_BUILTIN_TRANSPORTS 1
#if CLIPSEEK_FAST_DDS_3 || FASTRTPS_VERSION_MINOR > 14 || (FASTRTPS_VERSION_MINOR == 14 && FASTRTPS_VERSION_MICRO > 0)
#define CLIPSEEK_BUILTIN_TRANSPORTS_OPTIONS 1
#endif
#endif

#include <cstdint>
#include <fastdds/dds/core/LoanableSequence.hpp>
#include <fastdds/dds/domain/DomainParticipant.hpp>
#include <fastdds/dds/domain/DomainParticipantFactory.hpp>
#include <fastdds/dds/domain/DomainParticipantListener.hpp>
#include <fastdds/dds/domain/qos/DomainParticipantQos.hpp>
#include <fastdds/dds/log/Log.hpp>
#include <fastdds/dds/publisher/DataWriter.hpp>
#include <fastdds/dds/publisher/DataWriterListener.hpp>
#include <fastdds/dds/publisher/Publisher.hpp>
#include <fastdds/dds/subscriber/DataReader.hpp>
#include <fastdds/dds/subscriber/DataReaderListener.hpp>
#include <fastdds/dds/subscriber/SampleInfo.hpp>
#include <fastdds/dds/subscriber/Subscriber.hpp>
#include <fastdds/dds/topic/Topic.hpp>
#include <fastdds/dds/topic/TopicDataType.hpp>
#include <functional>
#include <string>

#include "ros2/transport_choice.h"

namespace clipseek::ros2 {

namespace dds = eprosima::fastdds::dds;
using eprosima::fastdds::rtps::SharedMemTransportDescriptor;
using eprosima::fastdds::rtps::UDPv4TransportDescriptor;
using eprosima::fastdds::rtps::UDPv6TransportDescriptor;
#if CLIPSEEK_FAST_DDS_3
namespace rtps = eprosima::fastdds::rtps;
constexpr unsigned kFastDdsVersion = FASTDDS_VERSION_MAJOR << 8 | FASTDDS_VERSION_MINOR;
inline constexpr const char* kFastDdsName = "Fast DDS " FASTDDS_VERSION_STR;
using DdsDuration = dds::Duration_t;
using ReturnCode = dds::ReturnCode_t;
inline bool is_ok(ReturnCode code) {
  return code == dds::RETCODE_OK;
}
#else
namespace rtps = eprosima::fastrtps::rtps;
constexpr unsigned kFastDdsVersion = FASTRTPS_VERSION_MAJOR << 8 | FASTRTPS_VERSION_MINOR;
inline constexpr const char* kFastDdsName = "Fast DDS " FASTRTPS_VERSION_STR;
using DdsDuration = eprosima::fastrtps::Duration_t;
using ReturnCode = eprosima::fastrtps::types::ReturnCode_t;
inline bool is_ok(bool written) {  // DataWriter::write() returns a bool
  return written;
}
inline bool is_ok(const ReturnCode& code) {
  return code == ReturnCode::RETCODE_OK;
}
#endif

// Whether plain messages may be read in the memory of cameras with Fast DDS's automatic ids. Nothing in a segment tells
// its version, and 2.9's layout differs: a reader with 2.9 stops such a camera. 2.6 and 2.14 agree (docs/ros2.md).
constexpr bool kSharesAutomatically = kFastDdsVersion == (2 << 8 | 6) || kFastDdsVersion == (2 << 8 | 14);

// A data type without a key, whose samples are serialized to a payload that begins with the CDR encapsulation.
class TopicType : public dds::TopicDataType {
 public:
  // Plain: the bytes of a sample in memory are those of the payload, so that a sample can be read in place.
  TopicType(const std::string& name, std::uint32_t payload_bytes, bool plain) : plain_(plain) {
#if CLIPSEEK_FAST_DDS_3
    set_name(name);
    max_serialized_type_size = payload_bytes;
    is_compute_key_provided = false;
#else
    setName(name.c_str());
    m_typeSize = payload_bytes;
    m_isGetKeyDefined = false;
    auto_fill_type_object(false);
    auto_fill_type_information(false);
#endif
  }

  // Each returns false where the payload is too small for the sample, or too short to be one.
  virtual bool write_payload(const void* sample, rtps::SerializedPayload_t& payload) const = 0;
  virtual bool read_payload(const rtps::SerializedPayload_t& payload, void* sample) const = 0;
  virtual std::uint32_t payload_bytes(const void* sample) const = 0;
  virtual void* new_sample() const = 0;
  virtual void delete_sample(void* sample) const = 0;

 private:
  bool is_bounded() const override {
    return plain_;
  }
#if CLIPSEEK_FAST_DDS_3
  bool serialize(const void* const sample, rtps::SerializedPayload_t& payload, dds::DataRepresentationId_t) override {
    return write_payload(sample, payload);
  }
  bool deserialize(rtps::SerializedPayload_t& payload, void* sample) override {
    return read_payload(payload, sample);
  }
  std::uint32_t calculate_serialized_size(const void* const sample, dds::DataRepresentationId_t) override {
    return payload_bytes(sample);
  }
  void* create_data() override {
    return new_sample();
  }
  void delete_data(void* sample) override {
    delete_sample(sample);
  }
  bool compute_key(rtps::SerializedPayload_t&, rtps::InstanceHandle_t&, bool) override {
    return false;
  }
  bool compute_key(const void* const, rtps::InstanceHandle_t&, bool) override {
    return false;
  }
  bool is_plain(dds::DataRepresentationId_t) const override {
    return plain_;
  }
#else
  using dds::TopicDataType::getSerializedSizeProvider;  // from 2.13 on, some have an overload for a data representation
  using dds::TopicDataType::serialize;
  bool serialize(void* sample, rtps::SerializedPayload_t* payload) override {
    return write_payload(sample, *payload);
  }
  bool deserialize(rtps::SerializedPayload_t* payload, void* sample) override {
    return read_payload(*payload, sample);
  }
  std::function<std::uint32_t()> getSerializedSizeProvider(void* sample) override {
    return [this, sample] { return payload_bytes(sample); };
  }
  void* createData() override {
    return new_sample();
  }
  void deleteData(void* sample) override {
    delete_sample(sample);
  }
  bool getKey(void*, rtps::InstanceHandle_t*, bool) override {
    return false;
  }
  bool is_plain() const override {
    return plain_;
  }
#if FASTRTPS_VERSION_MAJOR == 2 && FASTRTPS_VERSION_MINOR >= 13
  bool is_plain(dds::DataRepresentationId_t) const override {
    return plain_;
  }
#endif
#endif

  bool plain_;
};

// A reader or writer of another participant, as discovery describes it.
struct DiscoveredEndpoint {
  rtps::GUID_t guid;
  bool is_writer = false;
  bool reliable = false;
  std::string topic;
  std::string type;
  std::string user_data;
};

// Receives what discovery finds. Threads of Fast DDS call it.
class DiscoveryListener : public dds::DomainParticipantListener {
 public:
  virtual void participant_found(const rtps::GUID_t& guid, const std::string& user_data) = 0;
  virtual void participant_gone(const rtps::GUID_t& guid) = 0;
  virtual void endpoint_found(const DiscoveredEndpoint& endpoint) = 0;
  virtual void endpoint_gone(const DiscoveredEndpoint& endpoint) = 0;

 private:
  static std::string text_of(const dds::UserDataQosPolicy& data) { return {data.begin(), data.end()}; }
  void report(const DiscoveredEndpoint& endpoint, bool gone) {
    if (gone) {
      endpoint_gone(endpoint);
    } else {
      endpoint_found(endpoint);
    }
  }

#if CLIPSEEK_FAST_DDS_3
  void on_participant_discovery(dds::DomainParticipant*, rtps::ParticipantDiscoveryStatus status,
                                const rtps::ParticipantBuiltinTopicData& info, bool& ignored) override {
    ignored = false;
    const bool gone = status == rtps::ParticipantDiscoveryStatus::REMOVED_PARTICIPANT ||
                      status == rtps::ParticipantDiscoveryStatus::DROPPED_PARTICIPANT;
    if (gone) {
      participant_gone(info.guid);
    } else {
      participant_found(info.guid, text_of(info.user_data));
    }
  }
  template <typename Info>
  static DiscoveredEndpoint described(const Info& info, bool is_writer) {
    return {info.guid,
            is_writer,
            info.reliability.kind == dds::RELIABLE_RELIABILITY_QOS,
            info.topic_name.to_string(),
            info.type_name.to_string(),
            text_of(info.user_data)};
  }
  void on_data_reader_discovery(dds::DomainParticipant*, rtps::ReaderDiscoveryStatus status,
                                const rtps::SubscriptionBuiltinTopicData& info, bool& ignored) override {
    ignored = false;
    report(described(info, false), status == rtps::ReaderDiscoveryStatus::REMOVED_READER);
  }
  void on_data_writer_discovery(dds::DomainParticipant*, rtps::WriterDiscoveryStatus status,
                                const rtps::PublicationBuiltinTopicData& info, bool& ignored) override {
    ignored = false;
    report(described(info, true), status == rtps::WriterDiscoveryStatus::REMOVED_WRITER);
  }
#else
  using dds::DomainParticipantListener::on_participant_discovery;  // later versions have overloads
  using dds::DomainParticipantListener::on_publisher_discovery;
  using dds::DomainParticipantListener::on_subscriber_discovery;
  void on_participant_discovery(dds::DomainParticipant*, rtps::ParticipantDiscoveryInfo&& info) override {
    const bool gone = info.status == rtps::ParticipantDiscoveryInfo::REMOVED_PARTICIPANT ||
                      info.status == rtps::ParticipantDiscoveryInfo::DROPPED_PARTICIPANT;
    if (gone) {
      participant_gone(info.info.m_guid);
    } else {
      participant_found(info.info.m_guid, text_of(info.info.m_userData));
    }
  }
  template <typename Proxy>
  static DiscoveredEndpoint described(const Proxy& proxy, bool is_writer) {
    return {proxy.guid(),
            is_writer,
            proxy.m_qos.m_reliability.kind == dds::RELIABLE_RELIABILITY_QOS,
            proxy.topicName().to_string(),
            proxy.typeName().to_string(),
            text_of(proxy.m_qos.m_userData)};
  }
  void on_subscriber_discovery(dds::DomainParticipant*, rtps::ReaderDiscoveryInfo&& info) override {
    report(described(info.info, false), info.status == rtps::ReaderDiscoveryInfo::REMOVED_READER);
  }
  void on_publisher_discovery(dds::DomainParticipant*, rtps::WriterDiscoveryInfo&& info) override {
    report(described(info.info, true), info.status == rtps::WriterDiscoveryInfo::REMOVED_WRITER);
  }
#endif
};

// Fast DDS delivers messages between participants of one process by a direct call of the reader. A reader that has not
// discovered the writer yet never receives such a message, even if it is reliable; over the network it does.
inline void disable_intraprocess() {
#if CLIPSEEK_FAST_DDS_3
  eprosima::fastdds::LibrarySettings settings;
  settings.intraprocess_delivery = eprosima::fastdds::INTRAPROCESS_OFF;
  dds::DomainParticipantFactory::get_instance()->set_library_settings(settings);
#else
  eprosima::fastrtps::LibrarySettingsAttributes settings;
  settings.intraprocess_delivery = eprosima::fastrtps::IntraprocessDeliveryType::INTRAPROCESS_OFF;
  eprosima::fastrtps::xmlparser::XMLProfileManager::library_settings(settings);
#endif
}

// LARGE_DATA: UDP for the first announcements, then TCP and shared memory. Fast DDS sets it up since 2.12 or so, with
// options since 2.14.1, and with IPv6 in its newest versions.
#ifdef CLIPSEEK_BUILTIN_TRANSPORTS_OPTIONS
constexpr bool kHasLargeDataOptions = true;
#else
constexpr bool kHasLargeDataOptions = false;
#endif
#ifdef CLIPSEEK_BUILTIN_TRANSPORTS
template <typename Kind>
constexpr bool has_large_data_v6() {
  return requires {
    Kind::LARGE_DATAv6;
  };
}
template <typename Kind>
Kind large_data_kind(bool v6) {
  if constexpr (has_large_data_v6<Kind>()) {
    if (v6) return Kind::LARGE_DATAv6;
  }
  return Kind::LARGE_DATA;
}

constexpr bool kHasLargeData = true;
constexpr bool kHasLargeDataV6 = has_large_data_v6<eprosima::fastdds::rtps::BuiltinTransports>();
inline void set_up_large_data(dds::DomainParticipantQos& qos, bool v6, [[maybe_unused]] const TransportChoice& choice) {
  const auto kind = large_data_kind<eprosima::fastdds::rtps::BuiltinTransports>(v6);
#ifdef CLIPSEEK_BUILTIN_TRANSPORTS_OPTIONS
  eprosima::fastdds::rtps::BuiltinTransportsOptions options;
  if (choice.max_message_bytes > 0) options.maxMessageSize = choice.max_message_bytes;
  options.sockets_buffer_size = choice.socket_bytes;
  options.non_blocking_send = choice.non_blocking;
  options.tcp_negotiation_timeout = choice.tcp_negotiation_ms;
  qos.setup_transports(kind, options);
#else
  qos.setup_transports(kind);
#endif
}
#else
constexpr bool kHasLargeData = false;
constexpr bool kHasLargeDataV6 = false;
inline void set_up_large_data(dds::DomainParticipantQos&, bool, const TransportChoice&) {}
#endif

inline void set_heartbeat_period(dds::DataWriterQos& qos, const DdsDuration& period) {
#if CLIPSEEK_FAST_DDS_3
  qos.reliable_writer_qos().times.heartbeat_period = period;
#else
  qos.reliable_writer_qos().times.heartbeatPeriod = period;
#endif
}

}  // namespace clipseek::ros2

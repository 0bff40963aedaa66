// The data types that Fast DDS uses for our messages, and the QoS settings of endpoints. Only .cpp files of this folder
// include this header.
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "ros2/endpoint.h"
#include "ros2/fast_dds.h"
#include "ros2/guid.h"
#include "ros2/type_info.h"

namespace clipseek::ros2 {

// A sample is a serialized message (Bytes). Messages are decoded later on our own threads, not by Fast DDS, so that
// every length can be checked against the size of the message.
class BytesType : public TopicType {
 public:
  explicit BytesType(const std::string& dds_name);
  bool write_payload(const void* sample, rtps::SerializedPayload_t& payload) const override;
  bool read_payload(const rtps::SerializedPayload_t& payload, void* sample) const override;
  std::uint32_t payload_bytes(const void* sample) const override;
  void* new_sample() const override;
  void delete_sample(void* sample) const override;
};

// A sample is a PlainMessage, whose bytes in memory are those on the wire, so it can be read in place.
class PlainType : public TopicType {
 public:
  PlainType(const std::string& dds_name, std::size_t size);
  bool write_payload(const void* sample, rtps::SerializedPayload_t& payload) const override;
  bool read_payload(const rtps::SerializedPayload_t& payload, void* sample) const override;
  std::uint32_t payload_bytes(const void* sample) const override;
  void* new_sample() const override;
  void delete_sample(void* sample) const override;
  bool construct_sample(void* memory) const override;

 private:
  std::size_t size_;
};

// The settings of docs/ros2.md, "QoS". `plain` endpoints use data sharing (shared memory) with peers that support it.
dds::DataWriterQos writer_qos(const dds::DataWriterQos& defaults, const EndpointSpec& spec, bool plain);
dds::DataReaderQos reader_qos(const dds::DataReaderQos& defaults, const EndpointSpec& spec, bool plain);

// The set of endpoints that an endpoint is matched with, as Fast DDS reports them to its listener. Thread-safe. When
// two peers leave at the same time, two threads of Fast DDS 2.9.1 write the one status object that both listener calls
// receive, so an endpoint that has left may remain in the set. ParticipantImpl::known_among() removes it.
class MatchedSet {
 public:
  void change(const Guid& guid, bool matched);
  std::vector<Guid> list() const;
  bool contains(const Guid& guid) const;

 private:
  mutable std::mutex mutex_;
  std::set<Guid> guids_;
};

}  // namespace clipseek::ros2

// A DDS reader and a DDS writer of serialized messages. All typed endpoints are built on these two; only the .cpp file
// includes Fast DDS.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ros2/cdr.h"
#include "ros2/guid.h"
#include "ros2/qos.h"
#include "ros2/type_info.h"

namespace clipseek::ros2 {

class ParticipantImpl;

struct EndpointSpec {
  std::string topic;  // the DDS name, "rt/chatter"
  TypeInfo type;
  Qos qos;
  // Called on a DDS thread after the set of matched peers has changed; must not block.
  std::function<void()> on_match;
};

// A received message: its bytes including the encapsulation, and its sender.
struct Received {
  Bytes bytes;
  Guid writer;
  // `request` identifies this message as a request; its `client` is the reader to reply to. `answers` identifies the
  // request that this message replies to.
  RequestId request;
  RequestId answers;
};

// Thread-safe.
class Writer {
 public:
  Writer(std::shared_ptr<ParticipantImpl> participant, EndpointSpec spec);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Returns the sequence number of the message. For a reply, `related` names the request that it answers; for a request
  // it names the reader of the reply (with sequence 0). Throws Error kUnavailable when DDS does not accept the message,
  // for example because the queue of unacknowledged messages is full.
  std::int64_t write(const Bytes& bytes, const std::optional<RequestId>& related = std::nullopt);

  Guid guid() const;
  std::vector<Guid> matched() const;
  bool is_matched(const Guid& reader) const;
  // Waits up to `timeout` until all matched readers have acknowledged all messages; returns whether they have.
  bool wait_acknowledged(std::chrono::milliseconds timeout);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

class Reader {
 public:
  // `on_message` is called on a DDS thread and must not block.
  Reader(std::shared_ptr<ParticipantImpl> participant, EndpointSpec spec, std::function<void(Received)> on_message);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Guid guid() const;
  std::vector<Guid> matched() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace clipseek::ros2

// A DDS reader and a DDS writer whose messages are bytes. Everything typed is built on these two; Fast DDS stays inside
// the .cpp file.
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
  // Called on a DDS thread after the set of matched peers has changed; must return at once.
  std::function<void()> on_match;
};

// A received message: its bytes with their encapsulation, and who sent it.
struct Received {
  Bytes bytes;
  Guid writer;
  // For a service: the request that this message is (client = whom to answer), and for a client: the one it answers.
  RequestId request;
  RequestId answers;
};

// Any thread may use it.
class Writer {
 public:
  Writer(std::shared_ptr<ParticipantImpl> participant, EndpointSpec spec);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Returns the sequence number. `related` names the request that this message answers, or for a request (sequence 0)
  // the reader that takes the reply. Throws Error kUnavailable when DDS refuses, which a full queue of unacknowledged
  // messages makes it do.
  std::int64_t write(const Bytes& bytes, const std::optional<RequestId>& related = std::nullopt);

  Guid guid() const;
  std::vector<Guid> matched() const;
  // Whether `reader` is matched, waiting up to `timeout` for it.
  bool wait_matched(const Guid& reader, std::chrono::milliseconds timeout) const;
  // Whether all matched readers have acknowledged all messages within `timeout`.
  bool wait_acknowledged(std::chrono::milliseconds timeout);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

class Reader {
 public:
  // `on_message` is called on a DDS thread and must return at once.
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

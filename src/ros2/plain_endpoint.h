// Plain messages without a copy: with peers on this host that use the same Fast DDS and know our sharing id, a sample
// is written and read in shared memory (Fast DDS's "data sharing"); every other peer gets it over the network. Bytes
// here; plain_topic.h puts types on it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "ros2/endpoint.h"
#include "ros2/node_core.h"

namespace clipseek::ros2 {

class PlainWriter {
 public:
  PlainWriter(const std::shared_ptr<NodeCore>& core, EndpointSpec spec);
  ~PlainWriter();
  PlainWriter(const PlainWriter&) = delete;
  PlainWriter& operator=(const PlainWriter&) = delete;

  // A sample to fill, with the content of an earlier one. Throws Error kUnavailable while too many are on loan.
  void* loan();
  void discard(void* sample);
  // Sends it and ends the loan.
  void write(void* sample);
  std::size_t matched() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A sample on loan to a reader. It goes back when this is destroyed.
class PlainSample {
 public:
  virtual ~PlainSample() = default;
  PlainSample() = default;
  PlainSample(const PlainSample&) = delete;
  PlainSample& operator=(const PlainSample&) = delete;

  virtual const void* data() const = 0;
  // Whether the writer has not used its memory again meanwhile. Ask after reading.
  virtual bool valid() const = 0;
};

// Keeps the newest sample until the callback has time for it.
class PlainReader {
 public:
  using Handle = std::function<void(std::shared_ptr<PlainSample>)>;

  PlainReader(const std::shared_ptr<NodeCore>& core, EndpointSpec spec, Handle handle);
  ~PlainReader();
  PlainReader(const PlainReader&) = delete;
  PlainReader& operator=(const PlainReader&) = delete;

  std::size_t matched() const;
  std::uint64_t received() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace clipseek::ros2

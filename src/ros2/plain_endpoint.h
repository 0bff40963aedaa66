// Plain messages without a copy: peers on this host with the same Fast DDS version and our data-sharing domain id read
// a sample in the shared memory where it was written (Fast DDS's "data sharing"); all other peers receive it over the
// network. Untyped; plain_topic.h adds the types.
#pragma once

#include <cstddef>
#include <cstdint>
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

  // Returns a sample to fill; its initial content is undefined. Throws Error kUnavailable while too many are on loan.
  void* loan();
  // Ends the loan without sending the sample.
  void discard(void* sample);
  // Sends the sample and ends the loan. Throws Error kUnavailable when DDS does not accept it.
  void write(void* sample);
  std::size_t matched() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A sample on loan to a reader. The destructor returns it to DDS.
class PlainSample {
 public:
  virtual ~PlainSample() = default;
  PlainSample() = default;
  PlainSample(const PlainSample&) = delete;
  PlainSample& operator=(const PlainSample&) = delete;

  virtual const void* data() const = 0;
  // Returns whether the writer has not overwritten the sample. Call it after reading the data.
  virtual bool valid() const = 0;
};

// A reader that keeps only the newest sample while the handler is busy.
class PlainReader {
 public:
  using Handler = std::function<void(std::shared_ptr<PlainSample>)>;

  PlainReader(const std::shared_ptr<NodeCore>& core, EndpointSpec spec, Handler handler);
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

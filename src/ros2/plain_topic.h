// Publishers and subscriptions of plain messages, mostly large pictures; peers that share memory read them without a
// copy.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "ros2/plain_endpoint.h"

namespace clipseek::ros2 {

// A message in the publisher's shared memory, to be filled and published. Movable. The destructor discards a message
// that was not published.
template <PlainMessage M>
class Loan {
 public:
  explicit Loan(std::shared_ptr<PlainWriter> writer) : writer_(std::move(writer)), sample_(writer_->loan()) {}
  ~Loan() {
    if (sample_ != nullptr) writer_->discard(sample_);
  }
  Loan(Loan&& other) noexcept : writer_(std::move(other.writer_)), sample_(std::exchange(other.sample_, nullptr)) {}
  Loan& operator=(Loan&& other) noexcept {
    std::swap(writer_, other.writer_);
    std::swap(sample_, other.sample_);
    return *this;
  }

  M& operator*() const { return *static_cast<M*>(sample_); }
  M* operator->() const { return static_cast<M*>(sample_); }
  void* release() { return std::exchange(sample_, nullptr); }

 private:
  std::shared_ptr<PlainWriter> writer_;
  void* sample_;
};

// Copies share one writer. Not thread-safe.
template <PlainMessage M>
class PlainPublisher {
 public:
  PlainPublisher() = default;
  PlainPublisher(const std::shared_ptr<NodeCore>& core, const std::string& topic, const Qos& qos)
      : writer_(std::make_shared<PlainWriter>(core, EndpointSpec{topic, type_info<M>(), qos, {}})) {}

  // A message with undefined content. Throws Error kUnavailable while too many are on loan.
  Loan<M> loan() { return Loan<M>(writer_); }
  // Throws Error kUnavailable when DDS does not accept the message.
  void publish(Loan<M> message) { writer_->write(message.release()); }
  std::size_t subscribers() const { return writer_->matched(); }

 private:
  std::shared_ptr<PlainWriter> writer_;
};

// A received message that is read in place. Copies share it; the last copy returns the memory to DDS.
template <PlainMessage M>
class SharedMessage {
 public:
  explicit SharedMessage(std::shared_ptr<PlainSample> sample) : sample_(std::move(sample)) {}

  // The content is not validated: compare every length in it with the size of its field.
  const M& operator*() const { return *static_cast<const M*>(sample_->data()); }
  const M* operator->() const { return static_cast<const M*>(sample_->data()); }
  // Returns whether the publisher has not overwritten the message. Call it after reading, before the data is used.
  bool valid() const { return sample_->valid(); }

 private:
  std::shared_ptr<PlainSample> sample_;
};

// Passes the newest message to the callback and drops older ones that arrived while the callback was busy. The callback
// runs on the node's threads, for one message at a time.
template <PlainMessage M>
class PlainSubscription {
 public:
  using Callback = std::function<void(const SharedMessage<M>&)>;

  PlainSubscription() = default;
  PlainSubscription(const std::shared_ptr<NodeCore>& core, const std::string& topic, const Qos& qos, Callback callback)
      : reader_(std::make_shared<PlainReader>(core, EndpointSpec{topic, type_info<M>(), qos, {}},
                                              [callback = std::move(callback)](std::shared_ptr<PlainSample> sample) {
                                                callback(SharedMessage<M>(std::move(sample)));
                                              })) {}

  std::size_t publishers() const { return reader_->matched(); }
  // The number of messages received, including dropped ones.
  std::uint64_t received() const { return reader_->received(); }

 private:
  std::shared_ptr<PlainReader> reader_;
};

}  // namespace clipseek::ros2

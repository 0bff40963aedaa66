// Publishing and receiving plain messages, large pictures above all, without a copy where peers share memory.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "ros2/plain_endpoint.h"

namespace clipseek::ros2 {

// A message in the publisher's memory, to be filled and published. Movable; one that is not published goes back.
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

// Copies share one writer. One thread at a time.
template <PlainMessage M>
class PlainPublisher {
 public:
  PlainPublisher() = default;
  PlainPublisher(const std::shared_ptr<NodeCore>& core, const std::string& topic, const Qos& qos)
      : writer_(std::make_shared<PlainWriter>(core, EndpointSpec{topic, type_info<M>(), qos, {}})) {}

  // A message with undefined content. Throws Error kUnavailable while too many are on loan.
  Loan<M> loan() { return Loan<M>(writer_); }
  // Throws Error kUnavailable when DDS does not take it.
  void publish(Loan<M> message) { writer_->write(message.release()); }
  std::size_t subscribers() const { return writer_->matched(); }

 private:
  std::shared_ptr<PlainWriter> writer_;
};

// A received message where it lies. Copies share it; the memory goes back to the reader with the last.
template <PlainMessage M>
class SharedMessage {
 public:
  explicit SharedMessage(std::shared_ptr<PlainSample> sample) : sample_(std::move(sample)) {}

  // The sender's words: bound every length in it by the field's size.
  const M& operator*() const { return *static_cast<const M*>(sample_->data()); }
  const M* operator->() const { return static_cast<const M*>(sample_->data()); }
  // Whether the publisher has not written over it meanwhile: ask when what was read is to be used.
  bool valid() const { return sample_->valid(); }

 private:
  std::shared_ptr<PlainSample> sample_;
};

// Always the newest message: older ones that the callback had no time for are dropped. Calls back on the node's
// threads, one message after another.
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
  // How many messages have come, those that were dropped included.
  std::uint64_t received() const { return reader_->received(); }

 private:
  std::shared_ptr<PlainReader> reader_;
};

}  // namespace clipseek::ros2

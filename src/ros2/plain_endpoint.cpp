#include "ros2/plain_endpoint.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>

#include "base/log.h"
#include "clipseek/error.h"
#include "ros2/callback_guard.h"
#include "ros2/dds_types.h"
#include "ros2/participant_impl.h"

namespace clipseek::ros2 {
namespace {

// Logs once, because a node may subscribe again and again.
void warn_of_own_sharing(const std::string& topic) {
  static std::once_flag once;
  std::call_once(once, [&topic] {
    base::log_warn("automatic data sharing is not used on " + topic + ": " + kFastDdsName +
                   " is not known to share memory safely with cameras of other versions, whose messages come over the "
                   "network");
  });
}

}  // namespace

// Has no listener: matched() reads the status that DDS keeps.
struct PlainWriter::Impl {
  std::shared_ptr<NodeCore> core;
  EndpointSpec spec;
  dds::DataWriter* writer = nullptr;
};

PlainWriter::PlainWriter(const std::shared_ptr<NodeCore>& core, EndpointSpec spec) : impl_(std::make_unique<Impl>()) {
  impl_->core = core;
  impl_->spec = std::move(spec);
  ParticipantImpl& participant = *core->participant();
  dds::Topic* topic = participant.acquire_topic(impl_->spec.topic, impl_->spec.type);
  dds::Publisher* publisher = participant.publisher();
  impl_->writer =
      publisher->create_datawriter(topic, writer_qos(publisher->get_default_datawriter_qos(), impl_->spec, true));
  if (impl_->writer == nullptr) {
    participant.release_topic(impl_->spec.topic);
    throw participant.refused(true, impl_->spec.topic, "Data sharing needs space in /dev/shm: is it full?");
  }
  core->add_endpoint(to_guid(impl_->writer->guid()), true, impl_->spec.type);
}

PlainWriter::~PlainWriter() {
  ParticipantImpl& participant = *impl_->core->participant();
  impl_->core->remove_endpoint(to_guid(impl_->writer->guid()));
  participant.publisher()->delete_datawriter(impl_->writer);
  participant.release_topic(impl_->spec.topic);
}

void* PlainWriter::loan() {
  void* sample = nullptr;
  if (!is_ok(impl_->writer->loan_sample(sample))) {
    throw Error(ErrorCode::kUnavailable, "no free sample for " + impl_->spec.topic + ": too many samples are on loan");
  }
  return sample;
}

void PlainWriter::discard(void* sample) {
  impl_->writer->discard_loan(sample);
}

void PlainWriter::write(void* sample) {
  rtps::WriteParams params;
  if (is_ok(impl_->writer->write(sample, params))) return;
  impl_->writer->discard_loan(sample);
  throw Error(ErrorCode::kUnavailable, "DDS did not accept a sample on " + impl_->spec.topic);
}

std::size_t PlainWriter::matched() const {
  dds::PublicationMatchedStatus status;
  impl_->writer->get_publication_matched_status(status);
  return static_cast<std::size_t>(std::max(0, status.current_count));
}

// Owned by the PlainReader and by every sample on loan, because DDS does not delete a reader that has samples on loan.
// The participant keeps the Listener alone: an Impl would keep the DDS reader and, through `core`, the participant.
struct PlainReader::Impl : std::enable_shared_from_this<PlainReader::Impl> {
  class Sample;
  struct Listener;

  ~Impl() {
    if (reader == nullptr) return;
    ParticipantImpl& participant = *core->participant();
    participant.subscriber()->delete_datareader(reader);
    participant.release_topic(spec.topic);
  }
  void take_all();
  void handle_newest();

  std::shared_ptr<NodeCore> core;
  EndpointSpec spec;
  Handler handler;
  std::shared_ptr<Strand> strand;
  dds::DataReader* reader = nullptr;
  std::shared_ptr<Listener> listener;
  std::atomic<std::uint64_t> received = 0;
  std::mutex mutex;
  std::shared_ptr<PlainSample> newest;
};

struct PlainReader::Impl::Listener : dds::DataReaderListener {
  explicit Listener(Impl& owner) : impl(owner) {}
  void on_data_available(dds::DataReader*) override {
    callback_guard.pass([this] { impl.take_all(); });
  }

  Impl& impl;  // exists until the guard is closed
  CallbackGuard callback_guard;
};

class PlainReader::Impl::Sample : public PlainSample {
 public:
  explicit Sample(std::shared_ptr<Impl> owner) : owner_(std::move(owner)) {}
  ~Sample() override {
    if (sequence_.length() > 0) owner_->reader->return_loan(sequence_, infos_);
  }

  // Returns whether there was a sample to take.
  bool take() { return is_ok(owner_->reader->take(sequence_, infos_, 1)); }
  // A sample that is read in place must have our byte order, which the encapsulation before the sample names.
  bool readable() const { return infos_[0].valid_data && static_cast<const unsigned char*>(data())[-3] == CDR_LE; }
  const void* data() const override { return sequence_.buffer()[0]; }
  bool valid() const override {
    return owner_->reader->is_sample_valid(sequence_.buffer()[0], &const_cast<dds::SampleInfo&>(infos_[0]));
  }

 private:
  std::shared_ptr<Impl> owner_;
  // The element type does not matter: only the addresses of samples are used.
  dds::LoanableSequence<unsigned char> sequence_;
  dds::SampleInfoSeq infos_;
};

void PlainReader::Impl::take_all() {
  for (;;) {
    auto sample = std::make_shared<Sample>(shared_from_this());
    if (!sample->take()) return;
    if (!sample->readable()) continue;
    ++received;
    bool waits = false;
    std::shared_ptr<PlainSample> older = sample;
    {
      std::lock_guard lock(mutex);
      newest.swap(older);
      waits = older != nullptr;
    }
    if (!waits) strand->post([self = shared_from_this()] { self->handle_newest(); });
  }
}

void PlainReader::Impl::handle_newest() {
  std::shared_ptr<PlainSample> sample;
  {
    std::lock_guard lock(mutex);
    sample.swap(newest);
  }
  if (sample) handler(std::move(sample));
}

PlainReader::PlainReader(const std::shared_ptr<NodeCore>& core, EndpointSpec spec, Handler handler)
    : impl_(std::make_shared<Impl>()) {
  impl_->core = core;
  impl_->spec = std::move(spec);
  impl_->handler = std::move(handler);
  if (impl_->spec.qos.data_sharing == DataSharing::kAutomatic && !kSharesAutomatically) {
    impl_->spec.qos.data_sharing = DataSharing::kOwn;
    warn_of_own_sharing(impl_->spec.topic);
  }
  impl_->strand = core->make_strand(impl_->spec.topic);
  ParticipantImpl& participant = *core->participant();
  dds::Topic* topic = participant.acquire_topic(impl_->spec.topic, impl_->spec.type);
  dds::Subscriber* subscriber = participant.subscriber();
  impl_->reader = subscriber->create_datareader(
      topic, reader_qos(subscriber->get_default_datareader_qos(), impl_->spec, true), nullptr);
  if (impl_->reader == nullptr) {
    participant.release_topic(impl_->spec.topic);
    throw participant.refused(false, impl_->spec.topic);
  }
  core->add_endpoint(to_guid(impl_->reader->guid()), false, impl_->spec.type);
  // Set last: its callbacks use impl_->reader, and the destructor, which ends them, does not run if this function
  // throws.
  impl_->listener = std::make_shared<Impl::Listener>(*impl_);
  impl_->reader->set_listener(impl_->listener.get(), dds::StatusMask::data_available());
}

PlainReader::~PlainReader() {
  impl_->core->remove_endpoint(to_guid(impl_->reader->guid()));
  impl_->reader->set_listener(nullptr);
  impl_->listener->callback_guard.close();
  impl_->core->participant()->keep_listener(std::move(impl_->listener));
  impl_->strand->close();
  std::lock_guard lock(impl_->mutex);
  impl_->newest.reset();
}

std::size_t PlainReader::matched() const {
  dds::SubscriptionMatchedStatus status;
  impl_->reader->get_subscription_matched_status(status);
  return static_cast<std::size_t>(std::max(0, status.current_count));
}

std::uint64_t PlainReader::received() const {
  return impl_->received;
}

}  // namespace clipseek::ros2

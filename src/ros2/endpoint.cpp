#include "ros2/endpoint.h"

#include "clipseek/error.h"
#include "ros2/callback_guard.h"
#include "ros2/dds_types.h"
#include "ros2/participant_impl.h"

namespace clipseek::ros2 {
namespace {

RequestId to_request(const rtps::SampleIdentity& identity) {
  return {to_guid(identity.writer_guid()), static_cast<std::int64_t>(identity.sequence_number().to64long())};
}

}  // namespace

struct Writer::Impl : dds::DataWriterListener {
  void on_publication_matched(dds::DataWriter*, const dds::PublicationMatchedStatus& status) override {
    const Guid reader = to_guid(rtps::iHandle2GUID(status.last_subscription_handle));
    const int change = status.current_count_change;
    callback_guard.pass([&] {
      if (change != 0) matched.change(reader, change > 0);
      if (spec.on_match) spec.on_match();
    });
  }

  void close() {
    callback_guard.close();
    spec.on_match = nullptr;
  }

  std::shared_ptr<ParticipantImpl> participant;
  EndpointSpec spec;
  CallbackGuard callback_guard;
  MatchedSet matched;
  dds::DataWriter* writer = nullptr;
};

Writer::Writer(std::shared_ptr<ParticipantImpl> participant, EndpointSpec spec) : impl_(std::make_shared<Impl>()) {
  impl_->participant = std::move(participant);
  impl_->spec = std::move(spec);
  dds::Topic* topic = impl_->participant->acquire_topic(impl_->spec.topic, impl_->spec.type);
  dds::Publisher* publisher = impl_->participant->publisher();
  impl_->writer =
      publisher->create_datawriter(topic, writer_qos(publisher->get_default_datawriter_qos(), impl_->spec, false),
                                   impl_.get(), dds::StatusMask::publication_matched());
  if (impl_->writer == nullptr) {
    impl_->participant->release_topic(impl_->spec.topic);
    throw impl_->participant->refused(true, impl_->spec.topic);
  }
}

Writer::~Writer() {
  std::shared_ptr<ParticipantImpl> participant = std::move(impl_->participant);
  impl_->writer->set_listener(nullptr);
  impl_->close();
  participant->publisher()->delete_datawriter(impl_->writer);
  participant->release_topic(impl_->spec.topic);
  participant->keep_listener(std::move(impl_));
}

std::int64_t Writer::write(const Bytes& bytes, const std::optional<RequestId>& related) {
  rtps::WriteParams params;  // a new object for each message, because write() changes it
  if (related) {
    params.related_sample_identity().writer_guid(from_guid(related->client));
    if (related->sequence > 0) {
      params.related_sample_identity().sequence_number(
          rtps::SequenceNumber_t(static_cast<std::uint64_t>(related->sequence)));
    }
  }
  if (!is_ok(impl_->writer->write(const_cast<Bytes*>(&bytes), params))) {  // serialize() only reads it
    throw Error(ErrorCode::kUnavailable, "DDS did not accept a message on " + impl_->spec.topic);
  }
  return to_request(params.sample_identity()).sequence;
}

Guid Writer::guid() const {
  return to_guid(impl_->writer->guid());
}

std::vector<Guid> Writer::matched() const {
  return impl_->participant->known_among(impl_->matched.list());
}

bool Writer::is_matched(const Guid& reader) const {
  return impl_->matched.contains(reader);
}

bool Writer::wait_acknowledged(std::chrono::milliseconds timeout) {
  DdsDuration duration(static_cast<std::int32_t>(timeout.count() / 1000),
                       static_cast<std::uint32_t>(timeout.count() % 1000 * 1'000'000));
  return is_ok(impl_->writer->wait_for_acknowledgments(duration));
}

struct Reader::Impl : dds::DataReaderListener {
  void on_data_available(dds::DataReader* from) override {
    callback_guard.pass([&] { take_all(*from); });
  }
  void on_subscription_matched(dds::DataReader*, const dds::SubscriptionMatchedStatus& status) override {
    const Guid writer = to_guid(rtps::iHandle2GUID(status.last_publication_handle));
    const int change = status.current_count_change;
    callback_guard.pass([&] {
      if (change != 0) matched.change(writer, change > 0);
      if (spec.on_match) spec.on_match();
    });
  }

  void take_all(dds::DataReader& from) {
    dds::SampleInfo info;
    Bytes bytes;
    while (is_ok(from.take_next_sample(&bytes, &info))) {
      if (!info.valid_data) continue;
      Received message{std::move(bytes), to_guid(info.sample_identity.writer_guid()), to_request(info.sample_identity),
                       to_request(info.related_sample_identity)};
      if (!message.answers.client.is_unknown()) message.request.client = message.answers.client;
      on_message(std::move(message));
      bytes = Bytes();
    }
  }

  void close() {
    callback_guard.close();
    spec.on_match = nullptr;
    on_message = nullptr;
  }

  std::shared_ptr<ParticipantImpl> participant;
  EndpointSpec spec;
  CallbackGuard callback_guard;
  std::function<void(Received)> on_message;
  MatchedSet matched;
  dds::DataReader* reader = nullptr;
};

Reader::Reader(std::shared_ptr<ParticipantImpl> participant, EndpointSpec spec,
               std::function<void(Received)> on_message)
    : impl_(std::make_shared<Impl>()) {
  impl_->participant = std::move(participant);
  impl_->spec = std::move(spec);
  impl_->on_message = std::move(on_message);
  dds::Topic* topic = impl_->participant->acquire_topic(impl_->spec.topic, impl_->spec.type);
  dds::Subscriber* subscriber = impl_->participant->subscriber();
  impl_->reader = subscriber->create_datareader(
      topic, reader_qos(subscriber->get_default_datareader_qos(), impl_->spec, false), impl_.get(),
      dds::StatusMask::data_available() << dds::StatusMask::subscription_matched());
  if (impl_->reader == nullptr) {
    impl_->participant->release_topic(impl_->spec.topic);
    throw impl_->participant->refused(false, impl_->spec.topic);
  }
}

Reader::~Reader() {
  std::shared_ptr<ParticipantImpl> participant = std::move(impl_->participant);
  impl_->reader->set_listener(nullptr);
  impl_->close();
  participant->subscriber()->delete_datareader(impl_->reader);
  participant->release_topic(impl_->spec.topic);
  participant->keep_listener(std::move(impl_));
}

Guid Reader::guid() const {
  return to_guid(impl_->reader->guid());
}

std::vector<Guid> Reader::matched() const {
  return impl_->participant->known_among(impl_->matched.list());
}

}  // namespace clipseek::ros2

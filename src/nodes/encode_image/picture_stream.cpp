#include "nodes/encode_image/picture_stream.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <optional>
#include <utility>

#include "catalog/topic_url.h"
#include "image/thumbnail.h"
#include "nodes/shared/data_url.h"
#include "nodes/shared/item_extra.h"
#include "nodes/shared/log_text.h"
#include "ros2/clock.h"
#include "ros2/names.h"

namespace clipseek::nodes {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSilenceSeconds = 5;

std::string stamp_text(ros2::Time stamp) {
  char text[32];
  std::snprintf(text, sizeof text, "%d.%09u", stamp.sec, stamp.nanosec);
  return text;
}

bool always() {
  return true;
}

constexpr int kThumbnailSide = 256;

// Returns the thumbnail as it is sent in an item; empty if `max_bytes` is too small for one.
std::string thumbnail_url(const Picture& picture, std::size_t max_bytes) {
  if (max_bytes == 0) return "";
  std::optional<std::string> jpeg = image::make_small_jpeg(picture, kThumbnailSide, max_bytes);
  return jpeg ? encode_data_url("image/jpeg", std::as_bytes(std::span(*jpeg))) : "";
}

}  // namespace

PictureStream::PictureStream(ros2::Node& node, PictureStreamOptions options, Encoder& encoder, FairMutex& encoder_mutex)
    : node_(node),
      options_(std::move(options)),
      encoder_(encoder),
      encoder_mutex_(encoder_mutex),
      features_(node.create_publisher<ClipItem>("clip_image_features", node.publisher_qos("clip_image_features"))),
      subscription_([] { return std::uint64_t{0}; }) {
  if (!options_.sentences.empty()) {
    perception_.emplace(node, encoder, options_.sentences, options_.sentences_topk);
  }
  if (options_.source) {
    subscribe({*options_.source, topic_name(node, *options_.source, options_.image_topic)}, true);
  } else {
    node_.logger().warn("is_shared_mem_sub is 2 (auto): subscribes to the first topic of pictures with a publisher");
  }
  timer_ = std::make_unique<ros2::Timer>(std::chrono::seconds(1), [this] { tick(); });
}

PictureStream::~PictureStream() {
  timer_.reset();
  subscription_ = nullptr;
}

void PictureStream::subscribe(const PictureTopic& topic, bool reliable) {
  subscribed_ = false;
  received_earlier_ += subscription_();
  subscription_ = [] { return std::uint64_t{0}; };  // waits for the earlier subscription's callback, which reads topic_
  if (topic_ != topic) {
    node_.logger().warn(std::string("Create ") + (is_shared_memory(topic.source) ? "hbmem_" : "") +
                        "subscription with topic_name: " + topic.name);
  }
  topic_ = topic;
  reliable_ = reliable;
  {
    std::lock_guard lock(status_mutex_);
    status_.topic = topic.name;
    status_.type = message_type(topic.source);
  }
  ros2::Qos qos = node_.subscription_qos(topic.name, reliable ? ros2::Qos{} : ros2::Qos::sensor_data());
  qos.data_sharing = options_.data_sharing;
  switch (topic.source) {
    case PictureSource::kImage: {
      auto subscription = node_.create_subscription<ros2::Image>(
          topic.name,
          [this](const ros2::Image& message) {
            process({raw_picture(message), message.header, always});
          },
          qos, ros2::kLatestOnly);
      subscription_ = [subscription] { return subscription.received(); };
      break;
    }
    case PictureSource::kCompressedImage: {
      auto subscription = node_.create_subscription<ros2::CompressedImage>(
          topic.name,
          [this](const ros2::CompressedImage& message) {
            // `format` may contain more than a file format; the decoder detects the format from the bytes.
            process({RawPicture{.encoding = "jpeg", .data = message.data}, message.header, always});
          },
          qos, ros2::kLatestOnly);
      subscription_ = [subscription] { return subscription.received(); };
      break;
    }
    case PictureSource::kHbm1080P:
      subscribe_shared<ros2::HbmMsg1080P>(topic.name, qos);
      break;
    case PictureSource::kHbm540P:
      subscribe_shared<ros2::HbmMsg540P>(topic.name, qos);
      break;
    case PictureSource::kHbm480P:
      subscribe_shared<ros2::HbmMsg480P>(topic.name, qos);
      break;
  }
  subscribed_ = true;
}

template <typename HbmMessage>
void PictureStream::subscribe_shared(const std::string& topic, const ros2::Qos& qos) {
  auto subscription = node_.create_plain_subscription<HbmMessage>(
      topic,
      [this](const ros2::SharedMessage<HbmMessage>& message) {
        ros2::Time stamp = message->time_stamp;
        RawPicture raw;
        try {
          raw = raw_picture(*message);
        } catch (const Error& error) {
          ++processed_;
          return report(error);
        }
        process({raw, {stamp, ""}, [&message] { return message.valid(); }});
      },
      qos);
  subscription_ = [subscription] { return subscription.received(); };
}

void PictureStream::process(const ReceivedPicture& received) {
  ++processed_;
  try {
    if (filter_.within_rate(Clock::now(), node_.parameters().get<double>("max_rate"))) return encode(received);
    std::lock_guard lock(status_mutex_);
    ++status_.rate_limited;
  } catch (const Error& error) {
    report(error);
  }
}

void PictureStream::encode(const ReceivedPicture& received) {
  const std::int64_t begin_ns = ros2::now_ns();
  auto begin = Clock::now();
  RawPicture raw = received.raw;
  std::vector<std::uint8_t> copy;
  if (is_file(raw)) {
    copy.assign(raw.data.begin(), raw.data.end());
    raw.data = copy;
  }
  ImageInput input{.path = topic_->name, .bytes = {}, .picture = to_picture(raw, options_.min_short_side)};
  const bool valid = received.valid();  // whether the camera has not overwritten the picture with a newer one
  const bool changed = valid && filter_.has_changed(*input.picture, node_.parameters().get<double>("min_change"));
  if (!changed) {
    std::lock_guard lock(status_mutex_);
    ++(valid ? status_.unchanged : status_.overwritten);
    return;
  }
  auto converted = Clock::now();
  std::string thumbnail =
      thumbnail_url(*input.picture, options_.thumbnail_bytes);  // here, because encode_image() takes the pixels
  auto ready = Clock::now();
  EncodedImage image;
  {
    std::lock_guard lock(encoder_mutex_);
    image = encoder_.encode_image(std::move(input));
  }
  auto encoded = Clock::now();
  const Stages stages{{begin_ns, converted - begin}, {begin_ns + (ready - begin).count(), encoded - ready}};
  publish(received, thumbnail, std::move(image), stages);
  filter_.accept();
  meter_.encoded({converted - begin, encoded - ready, ready - converted + (Clock::now() - encoded)});
  std::lock_guard lock(status_mutex_);
  ++status_.encoded;
}

void PictureStream::publish(const ReceivedPicture& received, const std::string& thumbnail, EncodedImage image,
                            const Stages& stages) {
  ros2::Header header = received.header;
  if (header.stamp == ros2::Time{}) header.stamp = node_.now();  // the camera sets no stamp
  if (header.stamp == ros2::Time{}) header.stamp = ros2::now();  // no simulated time has arrived yet
  Embedding embedding = perception_ ? image.embedding : Embedding{};
  std::string stamp = stamp_text(header.stamp);
  ClipItem item =
      picture_item(std::string(catalog::kTopicScheme) + topic_->name + "/" + stamp, std::move(image), encoder_.info());
  add_extra(item, kStampKey, stamp);
  add_extra(item, kFrameKey, header.frame_id);
  if (!thumbnail.empty()) add_extra(item, kThumbnailKey, thumbnail);
  features_.publish(item);
  if (perception_) perception_->publish(header, embedding, stages, status().rates.encoded_hz);
}

void PictureStream::report(const Error& error) {
  meter_.rejected();
  std::uint64_t rejected = 0;
  {
    std::lock_guard lock(status_mutex_);
    rejected = ++status_.rejected;
    status_.last_error = sanitized(error.what(), 400);
  }
  if (!std::has_single_bit(rejected)) return;
  node_.logger().warn("picture " + std::to_string(rejected) + " of " + topic_->name +
                      " ignored: " + sanitized(error.what(), 400));
}

PictureStreamStatus PictureStream::status() const {
  std::lock_guard lock(status_mutex_);
  return status_;
}

void PictureStream::tick() {
  try {
    follow_publishers();
  } catch (const Error& error) {
    node_.logger().error(error.what());
  }
  const std::uint64_t processed = processed_;  // read first: a picture is received before it is processed
  const std::uint64_t received = received_earlier_ + subscription_();
  std::optional<FrameRates> rates = meter_.measure(received, Clock::now());
  {
    std::lock_guard lock(status_mutex_);
    status_.received = received;
    status_.replaced = received - std::min(received, processed);
    if (rates) status_.rates = *rates;
  }
  if (rates && (rates->received_hz > 0 || rates->encoded_hz > 0)) node_.logger().warn(rates_line(*rates));
  watch_for_silence(received);
}

// Selects the topic in auto mode, and the reliability: a reader that requests reliable delivery receives nothing from a
// publisher that offers only best effort.
void PictureStream::follow_publishers() {
  auto publishers_of = [this](const PictureTopic& topic) {
    std::vector<ros2::RemoteEndpoint> all = node_.find_publishers(topic.name);
    std::erase_if(all, [&](const ros2::RemoteEndpoint& one) {
      return ros2::ros_type_name(one.type) != message_type(topic.source);
    });
    return all;
  };
  std::optional<PictureTopic> topic = topic_;
  if (!options_.source && (!topic || publishers_of(*topic).empty())) {
    if (auto found = find_picture_topic(node_, options_.image_topic, node_.published_topics())) topic = found;
  }
  if (!topic) return;
  std::vector<ros2::RemoteEndpoint> publishers = publishers_of(*topic);
  {
    std::lock_guard lock(status_mutex_);
    status_.publishers = publishers.size();
  }
  bool reliable = publishers.empty() || std::ranges::any_of(publishers, &ros2::RemoteEndpoint::reliable);
  if (subscribed_ && topic == topic_ && reliable == reliable_) return;
  subscribe(*topic, reliable);
}

void PictureStream::watch_for_silence(std::uint64_t received) {
  if (std::exchange(received_before_, received) != received) {
    silent_seconds_ = 0;
  } else if (++silent_seconds_ == kSilenceSeconds) {
    node_.logger().warn(silence_message(topic_, node_.published_topics(), kSilenceSeconds));
  }
}

}  // namespace clipseek::nodes

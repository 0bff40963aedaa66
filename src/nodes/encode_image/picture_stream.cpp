#include "nodes/encode_image/picture_stream.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <utility>
#include <vector>

#include "nodes/shared/item_extra.h"
#include "nodes/shared/log_text.h"
#include "ros2/clock.h"

namespace clipseek::nodes {
namespace {

using Clock = std::chrono::steady_clock;

const char* topic_of(PictureSource source) {
  if (source == PictureSource::kImage) return "/image_raw";
  return source == PictureSource::kCompressedImage ? "/image_raw/compressed" : "/hbmem_img";
}

std::string stamp_text(ros2::Time stamp) {
  if (stamp == ros2::Time{}) stamp = ros2::now();  // the camera sets no stamp
  char text[32];
  std::snprintf(text, sizeof text, "%d.%09u", stamp.sec, stamp.nanosec);
  return text;
}

}  // namespace

PictureStream::PictureStream(ros2::Node& node, PictureSource source, Encoder& encoder, FairMutex& encoder_mutex,
                             int min_short_side, ros2::DataSharing data_sharing)
    : node_(node),
      source_(source),
      topic_(node.resolve_topic(topic_of(source))),
      encoder_(encoder),
      encoder_mutex_(encoder_mutex),
      min_short_side_(min_short_side),
      data_sharing_(data_sharing),
      features_(node.create_publisher<ClipItem>("clip_image_features")) {
  bool shared = source != PictureSource::kImage && source != PictureSource::kCompressedImage;
  node_.logger().warn(std::string("Create ") + (shared ? "hbmem_" : "") + "subscription with topic_name: " + topic_);
  subscribe(true);
  timer_ = std::make_unique<ros2::Timer>(std::chrono::seconds(1), [this] { tick(); });
}

PictureStream::~PictureStream() {
  timer_.reset();
  subscription_ = nullptr;
}

void PictureStream::subscribe(bool reliable) {
  ros2::Qos qos = reliable ? ros2::Qos{} : ros2::Qos::sensor_data();
  qos.data_sharing = data_sharing_;
  auto always = [] { return true; };
  switch (source_) {
    case PictureSource::kImage: {
      auto subscription = node_.create_subscription<ros2::Image>(
          topic_,
          [this, always](const ros2::Image& message) {
            process({raw_picture(message), message.header.stamp, message.header.frame_id, always});
          },
          qos, ros2::kLatestOnly);
      subscription_ = [subscription] { return subscription.received(); };
      break;
    }
    case PictureSource::kCompressedImage: {
      auto subscription = node_.create_subscription<ros2::CompressedImage>(
          topic_,
          [this, always](const ros2::CompressedImage& message) {
            // `format` may contain more than a file format; the decoder detects the format from the bytes.
            RawPicture raw{.encoding = "jpeg", .data = message.data};
            process({raw, message.header.stamp, message.header.frame_id, always});
          },
          qos, ros2::kLatestOnly);
      subscription_ = [subscription] { return subscription.received(); };
      break;
    }
    case PictureSource::kHbm1080P:
      return subscribe_shared<ros2::HbmMsg1080P>(qos);
    case PictureSource::kHbm540P:
      return subscribe_shared<ros2::HbmMsg540P>(qos);
    case PictureSource::kHbm480P:
      return subscribe_shared<ros2::HbmMsg480P>(qos);
  }
}

template <typename HbmMessage>
void PictureStream::subscribe_shared(const ros2::Qos& qos) {
  auto subscription = node_.create_plain_subscription<HbmMessage>(
      topic_,
      [this](const ros2::SharedMessage<HbmMessage>& message) {
        ros2::Time stamp = message->time_stamp;
        RawPicture raw;
        try {
          raw = raw_picture(*message);
        } catch (const Error& error) {
          return report(error);
        }
        process({raw, stamp, "", [&message] { return message.valid(); }});
      },
      qos);
  subscription_ = [subscription] { return subscription.received(); };
}

void PictureStream::process(const ReceivedPicture& received) {
  try {
    encode(received);
  } catch (const Error& error) {
    report(error);
  }
}

void PictureStream::encode(const ReceivedPicture& received) {
  auto begin = Clock::now();
  RawPicture raw = received.raw;
  std::vector<std::uint8_t> copy;
  if (is_file(raw)) {
    copy.assign(raw.data.begin(), raw.data.end());
    raw.data = copy;
  }
  ImageInput input{.path = topic_, .bytes = {}, .picture = to_picture(raw, min_short_side_)};
  if (!received.valid()) return;  // the camera has overwritten the picture with a newer one
  auto converted = Clock::now();
  EncodedImage image;
  {
    std::lock_guard lock(encoder_mutex_);
    image = encoder_.encode_image(std::move(input));
  }
  auto encoded = Clock::now();
  std::string stamp = stamp_text(received.stamp);
  ClipItem item = picture_item("ros:" + topic_ + "/" + stamp, std::move(image), encoder_.info());
  add_extra(item, kStampKey, stamp);
  add_extra(item, kFrameKey, received.frame_id);
  features_.publish(item);
  meter_.encoded({converted - begin, encoded - converted, Clock::now() - encoded});
}

void PictureStream::report(const Error& error) {
  if (!std::has_single_bit(++rejected_)) return;
  node_.logger().warn("picture " + std::to_string(rejected_) + " of " + topic_ +
                      " ignored: " + sanitized(error.what(), 400));
}

void PictureStream::tick() {
  if (auto line = meter_.line(received_earlier_ + subscription_(), Clock::now())) node_.logger().warn(*line);
  try {
    follow_publishers();
  } catch (const Error& error) {
    node_.logger().error(error.what());
  }
}

// A reader that requests reliable delivery receives nothing from a publisher that offers only best effort.
void PictureStream::follow_publishers() {
  std::vector<ros2::RemoteEndpoint> publishers = node_.find_publishers(topic_);
  bool reliable = publishers.empty() || std::any_of(publishers.begin(), publishers.end(),
                                                    [](const ros2::RemoteEndpoint& one) { return one.reliable; });
  if (reliable == reliable_) return;
  received_earlier_ += subscription_();
  subscription_ = [] { return std::uint64_t{0}; };
  subscribe(reliable);
  reliable_ = reliable;  // only after subscribe() succeeded, so that the next tick repeats a failed attempt
}

}  // namespace clipseek::nodes

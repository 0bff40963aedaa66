// Encodes the pictures of a topic and publishes each as a ClipItem on clip_image_features.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "clipseek/encoder.h"
#include "nodes/encode_image/frame_filter.h"
#include "nodes/encode_image/frame_meter.h"
#include "nodes/encode_image/perception.h"
#include "nodes/encode_image/picture_message.h"
#include "nodes/encode_image/picture_source.h"
#include "nodes/shared/clip_msgs.h"
#include "nodes/shared/feature_server.h"
#include "ros2/node.h"

namespace clipseek::nodes {

struct PictureStreamOptions {
  std::optional<PictureSource> source;  // std::nullopt: that of the first topic of pictures that has a publisher
  std::string image_topic;              // the parameter; empty: hobot_clip's topics
  ros2::DataSharing data_sharing = ros2::DataSharing::kOwn;  // of the HbmMsg types
  int min_short_side = 0;              // pictures may be reduced to this length of their shorter side, see to_picture()
  std::vector<std::string> sentences;  // scored for each picture; see Perception
  std::size_t sentences_topk = 0;
  std::size_t thumbnail_bytes = 0;  // the largest thumbnail that an item may have; 0: none has one
};

// What has happened to the pictures of the topic so far.
struct PictureStreamStatus {
  std::string topic;  // empty while no topic was found
  std::string type;
  std::size_t publishers = 0;
  std::uint64_t received = 0;
  std::uint64_t encoded = 0;
  std::uint64_t replaced = 0;      // by a newer picture before they were processed, or still waiting
  std::uint64_t overwritten = 0;   // by the publisher in shared memory, before they were read
  std::uint64_t rate_limited = 0;  // left out because of max_rate
  std::uint64_t unchanged = 0;     // left out because of min_change
  std::uint64_t rejected = 0;      // could not be encoded
  FrameRates rates;                // of the last second
  std::string last_error;          // of the last rejected picture
};

// One picture is processed at a time, always the newest one received: with a slow encoder, pictures are dropped and not
// queued. A picture that cannot be encoded is dropped; the 1st, 2nd, 4th, 8th ... such picture is logged. The
// subscription requests reliable delivery unless all publishers offer only best effort. Every picture obeys the node's
// parameters max_rate and min_change, which must be declared. The constructor's arguments must outlive the object.
class PictureStream {
 public:
  PictureStream(ros2::Node& node, PictureStreamOptions options, Encoder& encoder, FairMutex& encoder_mutex);
  ~PictureStream();

  // Thread-safe.
  PictureStreamStatus status() const;

 private:
  // A picture with its time stamp. `valid` returns whether the publisher has not overwritten it yet.
  struct ReceivedPicture {
    RawPicture raw;
    ros2::Header header;
    std::function<bool()> valid;
  };

  void subscribe(const PictureTopic& topic, bool reliable);
  template <typename HbmMessage>
  void subscribe_shared(const std::string& topic, const ros2::Qos& qos);
  // These run on the node's threads, for one picture at a time:
  void process(const ReceivedPicture& received);
  void encode(const ReceivedPicture& received);
  void publish(const ReceivedPicture& received, const std::string& thumbnail, EncodedImage image, const Stages& stages);
  void report(const Error& error);
  // These run on the timer's thread, once a second:
  void tick();
  void follow_publishers();
  void watch_for_silence(std::uint64_t received);

  ros2::Node& node_;
  PictureStreamOptions options_;
  Encoder& encoder_;
  FairMutex& encoder_mutex_;
  FrameMeter meter_;
  FrameFilter filter_;
  std::optional<Perception> perception_;
  ros2::Publisher<ClipItem> features_;
  std::atomic<std::uint64_t> processed_ = 0;  // the pictures that reached process()
  mutable std::mutex status_mutex_;
  PictureStreamStatus status_;
  std::optional<PictureTopic> topic_;  // only the timer's thread and the constructor change it
  bool reliable_ = true;
  bool subscribed_ = false;                      // whether the last subscribe() succeeded
  std::uint64_t received_earlier_ = 0;           // the pictures received by earlier subscriptions
  std::function<std::uint64_t()> subscription_;  // owns the subscription; returns its number of received pictures
  std::uint64_t received_before_ = 0;            // at the previous tick
  int silent_seconds_ = 0;
  std::unique_ptr<ros2::Timer> timer_;
};

}  // namespace clipseek::nodes

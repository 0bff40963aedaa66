// Encodes the pictures of a topic and publishes each as a ClipItem on clip_image_features.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "clipseek/encoder.h"
#include "nodes/encode_image/frame_meter.h"
#include "nodes/encode_image/picture_message.h"
#include "nodes/shared/clip_msgs.h"
#include "nodes/shared/feature_server.h"
#include "ros2/node.h"

namespace clipseek::nodes {

enum class PictureSource { kImage, kCompressedImage, kHbm1080P, kHbm540P, kHbm480P };

// One picture is processed at a time, always the newest one received: with a slow encoder, pictures are dropped and not
// queued. A picture that cannot be encoded is dropped; the 1st, 2nd, 4th, 8th ... such picture is logged. The
// subscription requests reliable delivery unless all publishers offer only best effort. The constructor's arguments
// must outlive the object.
class PictureStream {
 public:
  // `min_short_side`: pictures may be reduced to this length of their shorter side, see to_picture().
  // `data_sharing`: of the HbmMsg types.
  PictureStream(ros2::Node& node, PictureSource source, Encoder& encoder, FairMutex& encoder_mutex, int min_short_side,
                ros2::DataSharing data_sharing = ros2::DataSharing::kOwn);
  ~PictureStream();

 private:
  // A picture with its time stamp. `valid` returns whether the publisher has not overwritten it yet.
  struct ReceivedPicture {
    RawPicture raw;
    ros2::Time stamp;
    std::string frame_id;
    std::function<bool()> valid;
  };

  void subscribe(bool reliable);
  template <typename HbmMessage>
  void subscribe_shared(const ros2::Qos& qos);
  // These run on the node's threads, for one picture at a time:
  void process(const ReceivedPicture& received);
  void encode(const ReceivedPicture& received);
  void report(const Error& error);
  // These run on the timer's thread, once a second:
  void tick();
  void follow_publishers();

  ros2::Node& node_;
  PictureSource source_;
  std::string topic_;
  Encoder& encoder_;
  FairMutex& encoder_mutex_;
  int min_short_side_;
  ros2::DataSharing data_sharing_;
  FrameMeter meter_;
  std::uint64_t rejected_ = 0;
  ros2::Publisher<ClipItem> features_;
  bool reliable_ = true;
  std::uint64_t received_earlier_ = 0;           // the pictures received by earlier subscriptions
  std::function<std::uint64_t()> subscription_;  // owns the subscription; returns its number of received pictures
  std::unique_ptr<ros2::Timer> timer_;
};

}  // namespace clipseek::nodes

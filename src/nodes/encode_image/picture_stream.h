// Pictures of a topic, encoded and published as ClipItem on clip_image_features.
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

// One picture is worked on at a time, always the newest that has come: a slow encoder drops pictures, it never lets
// them queue. A picture that cannot be encoded is dropped with a line in the log for the 1st, 2nd, 4th, 8th ... Asks
// for reliable delivery unless all publishers offer less. What is passed must outlive it.
class PictureStream {
 public:
  // `min_short_side`: what decode_picture may reduce JPEGs to.
  PictureStream(ros2::Node& node, PictureSource source, Encoder& encoder, FairMutex& turn, int min_short_side);
  ~PictureStream();

 private:
  // Where a picture lies, when it was taken, and whether it still lies there.
  struct Arrival {
    RawPicture raw;
    ros2::Time stamp;
    std::string frame_id;
    std::function<bool()> valid;
  };

  void subscribe(bool reliable);
  template <typename HbmMessage>
  void subscribe_shared(const ros2::Qos& qos);
  // On the node's threads, one picture after another:
  void take(const Arrival& arrival);
  void encode(const Arrival& arrival);
  void report(const Error& error);
  // On the timer's thread, once a second:
  void tick();
  void follow_publishers();

  ros2::Node& node_;
  PictureSource source_;
  std::string topic_;
  Encoder& encoder_;
  FairMutex& turn_;
  int min_short_side_;
  FrameMeter meter_;
  std::uint64_t bad_ = 0;
  ros2::Publisher<ClipItem> features_;
  bool reliable_ = true;
  std::uint64_t received_before_ = 0;            // by earlier subscriptions
  std::function<std::uint64_t()> subscription_;  // owns it; says how many pictures have come
  std::unique_ptr<ros2::Timer> timer_;
};

}  // namespace clipseek::nodes

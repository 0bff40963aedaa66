// The topics from which the image encoder node can take pictures.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ros2/node.h"

namespace clipseek::nodes {

enum class PictureSource { kImage, kCompressedImage, kHbm1080P, kHbm540P, kHbm480P };

bool is_shared_memory(PictureSource source);
// "sensor_msgs/msg/Image".
std::string_view message_type(PictureSource source);
// The source whose messages have this type; std::nullopt if there is none.
std::optional<PictureSource> source_of_type(std::string_view message_type);

// A topic and the type of its pictures.
struct PictureTopic {
  PictureSource source;
  std::string name;  // absolute
  bool operator==(const PictureTopic&) const = default;
};

// The absolute name of the topic of a source. `image_topic` is the node's parameter; empty: hobot_clip's topics. A
// compressed topic has the suffix "/compressed", as image_transport names it.
std::string topic_name(const ros2::Node& node, PictureSource source, const std::string& image_topic);

// The first topic of pictures that has a publisher: a topic of pictures in shared memory, then of raw, then of
// compressed ones. std::nullopt if none has. `published` is Node::published_topics().
std::optional<PictureTopic> find_picture_topic(const ros2::Node& node, const std::string& image_topic,
                                               const std::vector<ros2::PublishedTopic>& published);

// The log line for a topic from which no picture arrives: whether it has a publisher, which other topics of pictures
// have one, and which parameters select them. `subscribed` is std::nullopt while no topic has been found.
std::string silence_message(const std::optional<PictureTopic>& subscribed,
                            const std::vector<ros2::PublishedTopic>& published, int seconds);

}  // namespace clipseek::nodes

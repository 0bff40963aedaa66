#include "nodes/encode_image/picture_source.h"

#include <algorithm>
#include <array>

#include "nodes/shared/log_text.h"

namespace clipseek::nodes {
namespace {

constexpr std::string_view kSharedTopic = "/hbmem_img";
constexpr std::string_view kImageTopic = "/image_raw";
constexpr std::string_view kCompressedSuffix = "/compressed";

struct SourceType {
  PictureSource source;
  std::string_view type;
  std::string_view shared_mem_type;  // the value of this parameter
};

// In the order in which sources are preferred.
constexpr std::array<SourceType, 5> kTypes{{{PictureSource::kHbm1080P, "hbm_img_msgs/msg/HbmMsg1080P", "1080P"},
                                            {PictureSource::kHbm540P, "hbm_img_msgs/msg/HbmMsg540P", "540P"},
                                            {PictureSource::kHbm480P, "hbm_img_msgs/msg/HbmMsg480P", "480P"},
                                            {PictureSource::kImage, "sensor_msgs/msg/Image", ""},
                                            {PictureSource::kCompressedImage, "sensor_msgs/msg/CompressedImage", ""}}};

const SourceType& type_of(PictureSource source) {
  return *std::find_if(kTypes.begin(), kTypes.end(), [source](const SourceType& one) { return one.source == source; });
}

// The parameters that select a topic.
std::string selecting_parameters(PictureSource source, const std::string& topic) {
  std::string text;
  std::string_view base = kImageTopic;
  if (is_shared_memory(source)) {
    base = kSharedTopic;
    text = "is_shared_mem_sub:=1";
    if (source != PictureSource::kHbm1080P) text += " shared_mem_type:=" + std::string(type_of(source).shared_mem_type);
  } else {
    text = "is_shared_mem_sub:=0";
    if (source == PictureSource::kCompressedImage) text += " is_compressed_sub:=1";
  }
  std::string_view name = topic;
  if (source == PictureSource::kCompressedImage) name.remove_suffix(kCompressedSuffix.size());
  if (name != base) text += " image_topic:=" + std::string(name);
  return text;
}

}  // namespace

bool is_shared_memory(PictureSource source) {
  return source != PictureSource::kImage && source != PictureSource::kCompressedImage;
}

std::string_view message_type(PictureSource source) {
  return type_of(source).type;
}

std::optional<PictureSource> source_of_type(std::string_view message_type) {
  for (const SourceType& one : kTypes) {
    if (one.type == message_type) return one.source;
  }
  return std::nullopt;
}

std::string topic_name(const ros2::Node& node, PictureSource source, const std::string& image_topic) {
  std::string topic = image_topic;
  if (topic.empty()) topic = is_shared_memory(source) ? kSharedTopic : kImageTopic;
  if (source == PictureSource::kCompressedImage && !topic.ends_with(kCompressedSuffix)) topic += kCompressedSuffix;
  return node.resolve_topic(topic);
}

std::optional<PictureTopic> find_picture_topic(const ros2::Node& node, const std::string& image_topic,
                                               const std::vector<ros2::PublishedTopic>& published) {
  for (const SourceType& one : kTypes) {
    const ros2::PublishedTopic wanted{topic_name(node, one.source, image_topic), std::string(one.type)};
    if (std::ranges::find(published, wanted) != published.end()) return PictureTopic{one.source, wanted.name};
  }
  return std::nullopt;
}

std::string silence_message(const std::optional<PictureTopic>& subscribed,
                            const std::vector<ros2::PublishedTopic>& published, int seconds) {
  constexpr std::size_t kMaxNamed = 5;
  std::string others;
  std::size_t named = 0;
  bool has_publisher = false;
  std::string other_type;
  for (const ros2::PublishedTopic& topic : published) {
    std::optional<PictureSource> source = source_of_type(topic.type);
    // Others, such as depth pictures, have the type but cannot be selected.
    if (source == PictureSource::kCompressedImage && !topic.name.ends_with(kCompressedSuffix)) source.reset();
    if (subscribed && topic.name == subscribed->name) {
      if (source == subscribed->source) has_publisher = true;
      if (source != subscribed->source) other_type = topic.type;
    }
    if (!source || (subscribed && PictureTopic{*source, topic.name} == *subscribed) || ++named > kMaxNamed) continue;
    others += (others.empty() ? "" : "; ") + topic.name + " (" + topic.type + "): set " +
              selecting_parameters(*source, topic.name);
  }
  std::string line = "no picture for " + std::to_string(seconds) + " s";
  if (subscribed) {
    line += " on " + subscribed->name + " (" + std::string(message_type(subscribed->source)) + "), which has " +
            (has_publisher ? "a publisher" : "no publisher of this type");
    if (!has_publisher && !other_type.empty()) line += ", but one of " + other_type;
  }
  line += others.empty() ? ". No other topic with pictures has a publisher." : ". Pictures are published on " + others;
  return sanitized(line, 1000);
}

}  // namespace clipseek::nodes

// The urls of pictures of ROS topics, which are not files: "ros:TOPIC/STAMP".
#pragma once

#include <string>
#include <string_view>

namespace clipseek::catalog {

inline constexpr std::string_view kTopicScheme = "ros:";

// Every other url is the path of a file. It may be relative: hobot_clip stores what its storage_folder gave.
inline bool is_topic_url(std::string_view url) {
  return url.starts_with(kTopicScheme);
}

// Returns whether a thumbnail may be stored with this url: no Observation has an absolute path.
inline bool may_have_thumbnail(std::string_view url) {
  return !url.starts_with('/');
}

// Returns the topic, such as "/image_raw"; empty for others.
inline std::string topic_of(std::string_view url) {
  if (!is_topic_url(url)) return "";
  return std::string(url.substr(kTopicScheme.size(), url.rfind('/') - kTopicScheme.size()));
}

}  // namespace clipseek::catalog

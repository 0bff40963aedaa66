// Messages of the package sensor_msgs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ros2/message.h"
#include "ros2/msg/std_msgs.h"

namespace clipseek::ros2 {

// `encoding` is a name such as rgb8, bgr8, mono8; `step` is the length of a row in bytes.
struct Image {
  Header header;
  std::uint32_t height = 0;
  std::uint32_t width = 0;
  std::string encoding;
  std::uint8_t is_bigendian = 0;
  std::uint32_t step = 0;
  std::vector<std::uint8_t> data;

  static std::string type_name() { return "sensor_msgs/msg/Image"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("header", self.header);
    visit("height", self.height);
    visit("width", self.width);
    visit("encoding", self.encoding);
    visit("is_bigendian", self.is_bigendian);
    visit("step", self.step);
    visit("data", self.data);
  }
  bool operator==(const Image&) const = default;
};

// `format` is a name such as jpeg or png.
struct CompressedImage {
  Header header;
  std::string format;
  std::vector<std::uint8_t> data;

  static std::string type_name() { return "sensor_msgs/msg/CompressedImage"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("header", self.header);
    visit("format", self.format);
    visit("data", self.data);
  }
  bool operator==(const CompressedImage&) const = default;
};

}  // namespace clipseek::ros2

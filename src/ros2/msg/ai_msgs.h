// Messages of D-Robotics' package ai_msgs, which TROS's dashboards read, with the parts of other packages that they
// contain: https://github.com/D-Robotics/hobot_msgs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ros2/message.h"
#include "ros2/msg/sensor_msgs.h"
#include "ros2/msg/std_msgs.h"

namespace clipseek::ros2 {

struct Point32 {
  float x = 0;
  float y = 0;
  float z = 0;

  static std::string type_name() { return "geometry_msgs/msg/Point32"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("x", self.x);
    visit("y", self.y);
    visit("z", self.z);
  }
  bool operator==(const Point32&) const = default;
};

struct RegionOfInterest {
  std::uint32_t x_offset = 0;
  std::uint32_t y_offset = 0;
  std::uint32_t height = 0;
  std::uint32_t width = 0;
  bool do_rectify = false;

  static std::string type_name() { return "sensor_msgs/msg/RegionOfInterest"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("x_offset", self.x_offset);
    visit("y_offset", self.y_offset);
    visit("height", self.height);
    visit("width", self.width);
    visit("do_rectify", self.do_rectify);
  }
  bool operator==(const RegionOfInterest&) const = default;
};

struct DBResult {
  std::string db_type;
  std::string match_id;
  float distance = 0;
  float similarity = 0;

  static std::string type_name() { return "ai_msgs/msg/DBResult"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("db_type", self.db_type);
    visit("match_id", self.match_id);
    visit("distance", self.distance);
    visit("similarity", self.similarity);
  }
  bool operator==(const DBResult&) const = default;
};

struct Capture {
  Header header;
  Image img;
  std::vector<float> features;
  DBResult db_result;

  static std::string type_name() { return "ai_msgs/msg/Capture"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("header", self.header);
    visit("img", self.img);
    visit("features", self.features);
    visit("db_result", self.db_result);
  }
  bool operator==(const Capture&) const = default;
};

struct Point {
  std::string type;
  std::vector<Point32> point;
  std::vector<float> confidence;

  static std::string type_name() { return "ai_msgs/msg/Point"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("type", self.type);
    visit("point", self.point);
    visit("confidence", self.confidence);
  }
  bool operator==(const Point&) const = default;
};

struct Roi {
  std::string type;
  RegionOfInterest rect;
  float confidence = 0;

  static std::string type_name() { return "ai_msgs/msg/Roi"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("type", self.type);
    visit("rect", self.rect);
    visit("confidence", self.confidence);
  }
  bool operator==(const Roi&) const = default;
};

struct Attribute {
  std::string type;
  float value = 0;
  float confidence = 0;

  static std::string type_name() { return "ai_msgs/msg/Attribute"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("type", self.type);
    visit("value", self.value);
    visit("confidence", self.confidence);
  }
  bool operator==(const Attribute&) const = default;
};

struct Target {
  std::string type;
  std::uint64_t track_id = 0;
  std::vector<Roi> rois;
  std::vector<Attribute> attributes;
  std::vector<Point> points;
  std::vector<Capture> captures;

  static std::string type_name() { return "ai_msgs/msg/Target"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("type", self.type);
    visit("track_id", self.track_id);
    visit("rois", self.rois);
    visit("attributes", self.attributes);
    visit("points", self.points);
    visit("captures", self.captures);
  }
  bool operator==(const Target&) const = default;
};

struct Perf {
  std::string type;
  Time stamp_start;
  Time stamp_end;
  double time_ms_duration = 0;

  static std::string type_name() { return "ai_msgs/msg/Perf"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("type", self.type);
    visit("stamp_start", self.stamp_start);
    visit("stamp_end", self.stamp_end);
    visit("time_ms_duration", self.time_ms_duration);
  }
  bool operator==(const Perf&) const = default;
};

struct PerceptionTargets {
  Header header;
  std::int16_t fps = 0;
  std::vector<Perf> perfs;
  std::vector<Target> targets;
  std::vector<Target> disappeared_targets;

  static std::string type_name() { return "ai_msgs/msg/PerceptionTargets"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("header", self.header);
    visit("fps", self.fps);
    visit("perfs", self.perfs);
    visit("targets", self.targets);
    visit("disappeared_targets", self.disappeared_targets);
  }
  bool operator==(const PerceptionTargets&) const = default;
};

}  // namespace clipseek::ros2

// Messages of D-Robotics' package hbm_img_msgs: pictures in messages of fixed size, which shared memory requires.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "ros2/message.h"
#include "ros2/msg/builtin_interfaces.h"

namespace clipseek::ros2 {

// The first `data_size` bytes of `data` are the picture; `encoding` is ASCII, padded with NUL. Create these messages on
// the heap, because they are large.
struct HbmMsg1080P {
  static constexpr std::size_t kMaxBytes = 6'220'800;

  std::int32_t index = 0;
  Time time_stamp;
  std::uint32_t height = 0;
  std::uint32_t width = 0;
  std::uint32_t data_size = 0;
  std::uint32_t step = 0;
  std::array<std::uint8_t, 12> encoding{};
  std::array<std::uint8_t, kMaxBytes> data{};

  static constexpr bool kPlain = true;
  static std::string type_name() { return "hbm_img_msgs/msg/HbmMsg1080P"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("index", self.index);
    visit("time_stamp", self.time_stamp);
    visit("height", self.height);
    visit("width", self.width);
    visit("data_size", self.data_size);
    visit("step", self.step);
    visit("encoding", self.encoding);
    visit("data", self.data);
  }
};

struct HbmMsg540P {
  static constexpr std::size_t kMaxBytes = 1'555'200;

  std::int32_t index = 0;
  Time time_stamp;
  std::uint32_t height = 0;
  std::uint32_t width = 0;
  std::uint32_t data_size = 0;
  std::uint32_t step = 0;
  std::array<std::uint8_t, 12> encoding{};
  std::array<std::uint8_t, kMaxBytes> data{};

  static constexpr bool kPlain = true;
  static std::string type_name() { return "hbm_img_msgs/msg/HbmMsg540P"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("index", self.index);
    visit("time_stamp", self.time_stamp);
    visit("height", self.height);
    visit("width", self.width);
    visit("data_size", self.data_size);
    visit("step", self.step);
    visit("encoding", self.encoding);
    visit("data", self.data);
  }
};

struct HbmMsg480P {
  static constexpr std::size_t kMaxBytes = 921'600;

  std::int32_t index = 0;
  Time time_stamp;
  std::uint32_t height = 0;
  std::uint32_t width = 0;
  std::uint32_t data_size = 0;
  std::uint32_t step = 0;
  std::array<std::uint8_t, 12> encoding{};
  std::array<std::uint8_t, kMaxBytes> data{};

  static constexpr bool kPlain = true;
  static std::string type_name() { return "hbm_img_msgs/msg/HbmMsg480P"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("index", self.index);
    visit("time_stamp", self.time_stamp);
    visit("height", self.height);
    visit("width", self.width);
    visit("data_size", self.data_size);
    visit("step", self.step);
    visit("encoding", self.encoding);
    visit("data", self.data);
  }
};

}  // namespace clipseek::ros2

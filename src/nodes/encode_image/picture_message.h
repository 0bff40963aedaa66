// Pictures as cameras send them, to pictures as encoders take them. Every length in a message is its sender's word and
// checked against the bytes that are there. docs/nodes.md, "Pictures of a topic", lists the encodings.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "clipseek/picture.h"
#include "ros2/msg/hbm_img_msgs.h"
#include "ros2/msg/sensor_msgs.h"

namespace clipseek::nodes {

// A picture in memory: rows of `step` bytes (0: without padding), in one of the encodings of sensor_msgs/Image, or a
// file's bytes.
struct RawPicture {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t step = 0;
  std::string encoding;     // a copy: the sender may write into its message while it is read
  bool big_endian = false;  // of 16-bit samples
  std::span<const std::uint8_t> data;
};

RawPicture raw_picture(const ros2::Image& message);

// The part of `message.data` that data_size says; throws Error kCorrupt where that is more than there is.
template <typename HbmMessage>
RawPicture raw_picture(const HbmMessage& message);

// Whether `data` is a picture's file, whose decoder must not see it change: copy what lies in shared memory.
bool is_file(const RawPicture& raw);

// The pixels. rgb8, bgr8, rgba8, bgra8, mono8, mono16 (its high byte), nv12, nv21, yuv422 and uyvy, yuv422_yuy2 and
// yuyv (YUV as BT.601 with video range, as OpenCV converts it); jpeg, jpg, mjpeg and png as files. Where
// `min_short_side` is above 0, at a reduced size whose shorter side is still at least that: means over blocks of 2, 4,
// 8 or 16 pixels a side, a JPEG as picture.h says. Throws Error kUnsupported for other encodings, kCorrupt for fewer
// bytes than the sizes ask for, and what decode_picture throws.
Picture to_picture(const RawPicture& raw, int min_short_side);

// The other direction, for publishing: NV12 of BT.601 with video range, rows without padding, into `out` of width *
// height * 3 / 2 bytes. Width and height must be even.
void to_nv12(const Picture& picture, std::span<std::uint8_t> out);

}  // namespace clipseek::nodes

// Converts picture messages of cameras to the RGB pictures that encoders read. Every length in a message is checked
// against the number of its bytes. docs/nodes.md, "Pictures of a topic", lists the encodings.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "clipseek/picture.h"
#include "ros2/msg/hbm_img_msgs.h"
#include "ros2/msg/sensor_msgs.h"

namespace clipseek::nodes {

// A picture in memory: rows of `step` bytes (0: rows without padding) in one of the encodings of sensor_msgs/Image, or
// the bytes of a picture file.
struct RawPicture {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t step = 0;
  std::string encoding;     // a copy, because the sender may change a message in shared memory
  bool big_endian = false;  // the byte order of 16-bit samples
  std::span<const std::uint8_t> data;
};

RawPicture raw_picture(const ros2::Image& message);

// `data` refers to the first data_size bytes of `message.data`. Throws Error kCorrupt when data_size is too large.
template <typename HbmMessage>
RawPicture raw_picture(const HbmMessage& message);

// Returns whether `data` is a picture file. Decoders require that a file does not change while they read it: copy one
// that is in shared memory.
bool is_file(const RawPicture& raw);

// Converts to RGB. Encodings: rgb8, bgr8, rgba8, bgra8, mono8, mono16 (the high byte), nv12, nv21, yuv422 and uyvy,
// yuv422_yuy2 and yuyv (YUV is BT.601 with limited range, as in OpenCV); jpeg, jpg, mjpeg and png are picture files. If
// `min_short_side` is above 0, the picture may be reduced to a size whose shorter side is still at least that: raw
// pictures to means over blocks of 2, 4, 8 or 16 pixels a side, JPEGs as described in picture.h. Throws Error
// kUnsupported for other encodings, kCorrupt when the bytes are too few for the size, and the errors of decode_picture.
Picture to_picture(const RawPicture& raw, int min_short_side);

// Converts RGB to NV12 (BT.601, limited range, rows without padding) for publishing. `out` has width * height * 3 / 2
// bytes; width and height must be even.
void to_nv12(const Picture& picture, std::span<std::uint8_t> out);

}  // namespace clipseek::nodes

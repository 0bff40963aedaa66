#include "nodes/encode_image/picture_message.h"

#include <algorithm>
#include <map>

#include "base/ascii.h"
#include "clipseek/error.h"
#include "nodes/encode_image/picture_reduction.h"
#include "nodes/shared/log_text.h"

namespace clipseek::nodes {
namespace {

constexpr std::uint64_t kMaxPixels = 256'000'000;

enum class Layout { kRgb, kBgr, kMono, kMono16, kNv12, kNv21, kUyvy, kYuyv, kFile };

struct Format {
  Layout layout;
  std::uint32_t pixel_bytes;  // bytes per pixel; of the luma plane for formats with several planes
};

const std::map<std::string_view, Format>& formats() {
  static const std::map<std::string_view, Format> kFormats{
      {"rgb8", {Layout::kRgb, 3}},  {"rgba8", {Layout::kRgb, 4}},        {"bgr8", {Layout::kBgr, 3}},
      {"bgra8", {Layout::kBgr, 4}}, {"mono8", {Layout::kMono, 1}},       {"mono16", {Layout::kMono16, 2}},
      {"nv12", {Layout::kNv12, 1}}, {"nv21", {Layout::kNv21, 1}},        {"yuv422", {Layout::kUyvy, 2}},
      {"uyvy", {Layout::kUyvy, 2}}, {"yuv422_yuy2", {Layout::kYuyv, 2}}, {"yuyv", {Layout::kYuyv, 2}},
      {"jpeg", {Layout::kFile, 0}}, {"jpg", {Layout::kFile, 0}},         {"mjpeg", {Layout::kFile, 0}},
      {"png", {Layout::kFile, 0}},
  };
  return kFormats;
}

bool has_chroma_plane(Layout layout) {
  return layout == Layout::kNv12 || layout == Layout::kNv21;
}

bool is_422(Layout layout) {
  return layout == Layout::kUyvy || layout == Layout::kYuyv;
}

std::uint8_t clamp_byte(int value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

// ITU-R BT.601, limited (video) range, in 8-bit fixed point.
void put_yuv(int y, int u, int v, std::uint8_t* rgb) {
  int c = 298 * (y - 16) + 128;
  int d = u - 128;
  int e = v - 128;
  rgb[0] = clamp_byte((c + 409 * e) >> 8);
  rgb[1] = clamp_byte((c - 100 * d - 208 * e) >> 8);
  rgb[2] = clamp_byte((c + 516 * d) >> 8);
}

void convert_packed(const std::uint8_t* row, std::uint32_t width, const Format& format, bool big_endian,
                    std::uint8_t* rgb) {
  std::size_t high = format.layout == Layout::kMono16 && !big_endian ? 1 : 0;
  for (std::uint32_t x = 0; x < width; ++x, row += format.pixel_bytes, rgb += 3) {
    if (format.layout == Layout::kRgb || format.layout == Layout::kBgr) {
      bool reversed = format.layout == Layout::kBgr;
      rgb[0] = row[reversed ? 2 : 0];
      rgb[1] = row[1];
      rgb[2] = row[reversed ? 0 : 2];
    } else {
      rgb[0] = rgb[1] = rgb[2] = row[high];
    }
  }
}

// Two pixels in four bytes: U Y V Y, or Y U Y V.
void convert_422(const std::uint8_t* row, std::uint32_t width, bool luma_first, std::uint8_t* rgb) {
  for (std::uint32_t x = 0; x < width; ++x, rgb += 3) {
    const std::uint8_t* pair = row + std::size_t{x} / 2 * 4;
    int y = pair[(x % 2) * 2 + (luma_first ? 0 : 1)];
    put_yuv(y, pair[luma_first ? 1 : 0], pair[luma_first ? 3 : 2], rgb);
  }
}

void convert_420(const std::uint8_t* luma, const std::uint8_t* chroma, std::uint32_t width, bool v_first,
                 std::uint8_t* rgb) {
  for (std::uint32_t x = 0; x < width; ++x, rgb += 3) {
    const std::uint8_t* pair = chroma + std::size_t{x} / 2 * 2;
    put_yuv(luma[x], pair[v_first ? 1 : 0], pair[v_first ? 0 : 1], rgb);
  }
}

std::uint64_t bytes_of_row(const Format& format, std::uint32_t width) {
  bool in_pairs = is_422(format.layout) || has_chroma_plane(format.layout);
  std::uint64_t pixels = in_pairs ? (std::uint64_t{width} + 1) / 2 * 2 : width;
  return pixels * format.pixel_bytes;
}

std::uint64_t checked_step(const RawPicture& raw, const Format& format) {
  if (raw.width == 0 || raw.height == 0) throw Error(ErrorCode::kCorrupt, "the picture has a width or height of 0");
  if (std::uint64_t{raw.width} * raw.height > kMaxPixels) {
    throw Error(ErrorCode::kLimitExceeded, "the picture has more than 256 million pixels");
  }
  std::uint64_t row = bytes_of_row(format, raw.width);
  std::uint64_t step = raw.step == 0 ? row : raw.step;
  std::uint64_t rows = raw.height;
  if (has_chroma_plane(format.layout)) rows += (std::uint64_t{raw.height} + 1) / 2;
  // The padding of the last row may be missing. The product cannot overflow: each factor is below 2^33, and `rows` is
  // far smaller because of kMaxPixels.
  if (step < row || raw.data.size() < (rows - 1) * step + row) {
    throw Error(ErrorCode::kCorrupt, "too few bytes for a picture of " + std::to_string(raw.width) + " x " +
                                         std::to_string(raw.height) + " in " + sanitized(raw.encoding) + ": step " +
                                         std::to_string(raw.step) + ", data " + std::to_string(raw.data.size()));
  }
  return step;
}

// Case-insensitive. The caller has removed the NUL padding of an HbmMsg's field.
const Format& find_format(std::string_view encoding) {
  const std::string lower = base::ascii_lower(encoding.substr(0, 32));
  auto found = formats().find(lower);
  if (found != formats().end()) return found->second;
  throw Error(ErrorCode::kUnsupported, "the picture encoding '" + sanitized(encoding, 40) + "' is not supported");
}

void convert_rows(const RawPicture& raw, const Format& format, std::uint64_t step, std::uint8_t* rgb) {
  for (std::uint32_t y = 0; y < raw.height; ++y, rgb += std::size_t{3} * raw.width) {
    const std::uint8_t* row = raw.data.data() + y * step;
    if (has_chroma_plane(format.layout)) {
      const std::uint8_t* chroma = raw.data.data() + (std::uint64_t{raw.height} + y / 2) * step;
      convert_420(row, chroma, raw.width, format.layout == Layout::kNv21, rgb);
    } else if (is_422(format.layout)) {
      convert_422(row, raw.width, format.layout == Layout::kYuyv, rgb);
    } else {
      convert_packed(row, raw.width, format, raw.big_endian, rgb);
    }
  }
}

// The next three functions convert the means over blocks of factor x factor pixels; factor is even. Incomplete blocks
// at the right and the bottom are dropped.

void reduce_packed(const RawPicture& raw, const Format& format, std::uint64_t step, std::uint32_t factor,
                   std::uint8_t* rgb) {
  std::uint32_t width = raw.width / factor;
  BlockMeans means(width, format.pixel_bytes, factor, factor);
  for (std::uint32_t y = 0; y < raw.height / factor; ++y, rgb += std::size_t{3} * width) {
    const std::uint8_t* row = means.compute(raw.data.data() + std::uint64_t{y} * factor * step, step);
    convert_packed(row, width, format, raw.big_endian, rgb);
  }
}

void reduce_422(const RawPicture& raw, const Format& format, std::uint64_t step, std::uint32_t factor,
                std::uint8_t* rgb) {
  std::uint32_t width = raw.width / factor;
  bool luma_first = format.layout == Layout::kYuyv;
  std::size_t luma = luma_first ? 0 : 1;
  BlockMeans means(width, 4, factor / 2, factor);  // a group of four bytes holds two pixels
  for (std::uint32_t y = 0; y < raw.height / factor; ++y) {
    const std::uint8_t* four = means.compute(raw.data.data() + std::uint64_t{y} * factor * step, step);
    for (std::uint32_t x = 0; x < width; ++x, four += 4, rgb += 3) {
      put_yuv((four[luma] + four[luma + 2] + 1) / 2, four[1 - luma], four[3 - luma], rgb);
    }
  }
}

void reduce_420(const RawPicture& raw, const Format& format, std::uint64_t step, std::uint32_t factor,
                std::uint8_t* rgb) {
  std::uint32_t width = raw.width / factor;
  std::size_t u = format.layout == Layout::kNv21 ? 1 : 0;
  BlockMeans luma(width, 1, factor, factor);
  BlockMeans chroma(width, 2, factor / 2, factor / 2);
  const std::uint8_t* chroma_plane = raw.data.data() + std::uint64_t{raw.height} * step;
  for (std::uint32_t y = 0; y < raw.height / factor; ++y) {
    const std::uint8_t* grey = luma.compute(raw.data.data() + std::uint64_t{y} * factor * step, step);
    const std::uint8_t* pair = chroma.compute(chroma_plane + std::uint64_t{y} * (factor / 2) * step, step);
    for (std::uint32_t x = 0; x < width; ++x, pair += 2, rgb += 3) put_yuv(grey[x], pair[u], pair[1 - u], rgb);
  }
}

}  // namespace

RawPicture raw_picture(const ros2::Image& message) {
  return {message.width, message.height, message.step, message.encoding, message.is_bigendian != 0, message.data};
}

template <typename HbmMessage>
RawPicture raw_picture(const HbmMessage& message) {
  std::uint32_t size = message.data_size;  // read once, because the sender may change it in shared memory
  if (size > message.data.size()) {
    throw Error(ErrorCode::kCorrupt, "data_size is " + std::to_string(size) + ", above the message's capacity of " +
                                         std::to_string(message.data.size()) + " bytes");
  }
  std::string_view encoding(reinterpret_cast<const char*>(message.encoding.data()), message.encoding.size());
  return {message.width, message.height,
          message.step,  std::string(encoding.substr(0, encoding.find('\0'))),
          false,         std::span(message.data).first(size)};
}
template RawPicture raw_picture(const ros2::HbmMsg1080P&);
template RawPicture raw_picture(const ros2::HbmMsg540P&);
template RawPicture raw_picture(const ros2::HbmMsg480P&);

bool is_file(const RawPicture& raw) {
  return find_format(raw.encoding).layout == Layout::kFile;
}

Picture to_picture(const RawPicture& raw, int min_short_side) {
  const Format& format = find_format(raw.encoding);
  if (format.layout == Layout::kFile) {
    DecodeOptions options;
    options.min_short_side = min_short_side;
    return decode_picture(std::as_bytes(raw.data), "the topic's picture", options);
  }
  std::uint64_t step = checked_step(raw, format);
  std::uint32_t factor = reduction_for(raw.width, raw.height, min_short_side);
  Picture picture;
  picture.width = static_cast<int>(raw.width / factor);
  picture.height = static_cast<int>(raw.height / factor);
  picture.original_width = static_cast<int>(raw.width);
  picture.original_height = static_cast<int>(raw.height);
  picture.rgb.resize(std::size_t{3} * (raw.width / factor) * (raw.height / factor));
  if (factor == 1) {
    convert_rows(raw, format, step, picture.rgb.data());
  } else if (has_chroma_plane(format.layout)) {
    reduce_420(raw, format, step, factor, picture.rgb.data());
  } else if (is_422(format.layout)) {
    reduce_422(raw, format, step, factor, picture.rgb.data());
  } else {
    reduce_packed(raw, format, step, factor, picture.rgb.data());
  }
  return picture;
}

void to_nv12(const Picture& picture, std::span<std::uint8_t> out) {
  auto width = static_cast<std::size_t>(picture.width);
  auto height = static_cast<std::size_t>(picture.height);
  std::uint8_t* chroma = out.data() + width * height;
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      const std::uint8_t* rgb = picture.rgb.data() + 3 * (y * width + x);
      out[y * width + x] = clamp_byte(((66 * rgb[0] + 129 * rgb[1] + 25 * rgb[2] + 128) >> 8) + 16);
      if (y % 2 != 0 || x % 2 != 0) continue;
      std::uint8_t* pair = chroma + y / 2 * width + x;
      pair[0] = clamp_byte(((-38 * rgb[0] - 74 * rgb[1] + 112 * rgb[2] + 128) >> 8) + 128);
      pair[1] = clamp_byte(((112 * rgb[0] - 94 * rgb[1] - 18 * rgb[2] + 128) >> 8) + 128);
    }
  }
}

}  // namespace clipseek::nodes

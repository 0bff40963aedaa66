#include "image/thumbnail.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "clipseek/error.h"
#include "image/c_failure.h"
#include "image/preprocess.h"

// This header needs <cstdio> before it.
#include <jpeglib.h>

namespace clipseek::image {
namespace {

constexpr int kThumbnailQuality = 85;
// The qualities that make_small_jpeg() tries, best first.
constexpr std::array kQualities = {kThumbnailQuality, 75, 60, 45, 30, 20, 10};
constexpr int kMinSide = 16;
static_assert(JMSG_LENGTH_MAX <= 256, "CFailure holds libjpeg's messages");

void on_encoder_error(j_common_ptr info) {
  auto* failure = static_cast<CFailure*>(info->client_data);
  info->err->format_message(info, failure->message());
  failure->fail();
}

void on_encoder_message(j_common_ptr /*info*/, int /*level*/) {}

class JpegEncoder {
 public:
  explicit JpegEncoder(const Picture& picture) : picture_(picture) {
    info_.err = jpeg_std_error(&errors_);
    errors_.error_exit = on_encoder_error;
    errors_.emit_message = on_encoder_message;
    info_.client_data = &failure_;
  }
  ~JpegEncoder() {
    jpeg_destroy_compress(&info_);
    std::free(bytes_);
  }
  JpegEncoder(const JpegEncoder&) = delete;
  JpegEncoder& operator=(const JpegEncoder&) = delete;

  std::string encode(int quality) {
    bool encoded = failure_.guard([&] {
      jpeg_create_compress(&info_);
      jpeg_mem_dest(&info_, &bytes_, &size_);
      info_.image_width = static_cast<JDIMENSION>(picture_.width);
      info_.image_height = static_cast<JDIMENSION>(picture_.height);
      info_.input_components = 3;
      info_.in_color_space = JCS_RGB;
      jpeg_set_defaults(&info_);
      jpeg_set_quality(&info_, quality, TRUE);
      jpeg_start_compress(&info_, TRUE);
      while (info_.next_scanline < info_.image_height) {
        std::size_t offset = std::size_t{info_.next_scanline} * static_cast<std::size_t>(picture_.width) * 3;
        // libjpeg only reads the rows, although their type is not const.
        JSAMPROW rows[1] = {const_cast<JSAMPROW>(picture_.rgb.data() + offset)};
        jpeg_write_scanlines(&info_, rows, 1);
      }
      jpeg_finish_compress(&info_);
    });
    if (!encoded) throw Error(ErrorCode::kLimitExceeded, std::string("cannot write a JPEG: ") + failure_.message());
    return {reinterpret_cast<const char*>(bytes_), size_};
  }

 private:
  const Picture& picture_;
  CFailure failure_;
  jpeg_error_mgr errors_{};
  jpeg_compress_struct info_{};
  unsigned char* bytes_ = nullptr;
  unsigned long size_ = 0;
};

// Returns `picture` with a longer side of `longer_side`; std::nullopt if it is not longer than that already.
std::optional<Picture> shrunk(const Picture& picture, int longer_side) {
  int longer = std::max(picture.width, picture.height);
  if (longer <= longer_side) return std::nullopt;
  auto scaled = [&](int side) {
    return std::max(1, static_cast<int>((std::int64_t{side} * longer_side + longer / 2) / longer));
  };
  return resize(picture, scaled(picture.width), scaled(picture.height), ResampleFilter::kBicubic);
}

}  // namespace

std::string encode_jpeg(const Picture& picture, int quality) {
  auto pixels = static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height);
  if (picture.width < 1 || picture.height < 1 || picture.rgb.size() != 3 * pixels) {
    throw Error(ErrorCode::kInvalidArgument, "a picture without pixels cannot be written as JPEG");
  }
  return JpegEncoder(picture).encode(std::clamp(quality, 1, 100));
}

std::string make_thumbnail(std::span<const std::byte> bytes, std::string_view name, int longer_side,
                           DecodeOptions options) {
  // The shorter side then has at least `longer_side` pixels, so the longer one has enough too.
  options.min_short_side = longer_side;
  Picture picture = decode_picture(bytes, name, options);
  std::optional<Picture> small = shrunk(picture, longer_side);
  return encode_jpeg(small ? *small : picture, kThumbnailQuality);
}

std::string shrink_jpeg(std::string jpeg, std::string_view name, int longer_side, DecodeOptions options) {
  options.min_short_side = longer_side;
  Picture picture = decode_picture(std::as_bytes(std::span(jpeg)), name, options);
  std::optional<Picture> small = shrunk(picture, longer_side);
  bool reduced = std::max(picture.original_width, picture.original_height) > longer_side;  // perhaps by the decoder
  if (!small && !reduced) return jpeg;
  return encode_jpeg(small ? *small : picture, kThumbnailQuality);
}

std::optional<std::string> make_small_jpeg(const Picture& picture, int longer_side, std::size_t max_bytes) {
  for (int side = longer_side; side >= kMinSide; side /= 2) {
    std::optional<Picture> small = shrunk(picture, side);
    for (int quality : kQualities) {
      std::string jpeg = encode_jpeg(small ? *small : picture, quality);
      if (jpeg.size() <= max_bytes) return jpeg;
    }
  }
  return std::nullopt;
}

}  // namespace clipseek::image

// JPEG through libjpeg-turbo: baseline, progressive and arithmetic, gray, YCbCr, RGB, CMYK and YCCK. Pillow uses the
// same library with the same defaults (the slow exact DCT, smooth chroma upsampling), so the pixels are the same.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>

#include "image/c_failure.h"
#include "image/decoders.h"
#include "image/orientation.h"
#include "image/pixels.h"

// These headers need <cstdio> before them.
#include <jerror.h>
#include <jpeglib.h>

namespace clipseek::image {
namespace {

// The limit for a progressive file. Real files have far fewer scans, and each costs a pass over the whole picture.
constexpr int kMaxScans = 500;
constexpr int kExifMarker = JPEG_APP0 + 1;

static_assert(JMSG_LENGTH_MAX <= 256, "CFailure holds libjpeg's messages");

void on_error(j_common_ptr info) {
  auto* failure = static_cast<CFailure*>(info->client_data);
  info->err->format_message(info, failure->message());
  failure->fail();
}

// Where the data ends early, libjpeg only warns and fills the rest with grey. Here that is an error, and so is an
// end-of-image marker before the last rows, as in a repaired truncated file. Warnings of other damage, such as a wrong
// bit, are ignored.
void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  auto* decoder = reinterpret_cast<j_decompress_ptr>(info);
  const bool ended = info->err->msg_code == JWRN_JPEG_EOF;
  const bool ended_early = info->err->msg_code == JWRN_HIT_MARKER && decoder->unread_marker == JPEG_EOI &&
                           decoder->input_iMCU_row + 1 < decoder->total_iMCU_rows;
  if (ended || ended_early) static_cast<CFailure*>(info->client_data)->fail("it ends too early");
}

void on_progress(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMaxScans)
    static_cast<CFailure*>(info->client_data)->fail("it has too many scans");
}

class JpegDecoder {
 public:
  explicit JpegDecoder(const PictureSource& source) : source_(source) {
    info_.err = jpeg_std_error(&errors_);
    errors_.error_exit = on_error;
    errors_.emit_message = on_message;
    info_.client_data = &failure_;
    run([this] { jpeg_create_decompress(&info_); });
    progress_.progress_monitor = on_progress;
    info_.progress = &progress_;
  }
  ~JpegDecoder() { jpeg_destroy_decompress(&info_); }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  Picture decode() {
    read_header();
    Picture picture = make_picture(source_, info_.image_width, info_.image_height);
    const int orientation = exif();
    choose_scale();
    const bool ink = choose_colours();
    run([this] { jpeg_start_decompress(&info_); });
    picture.width = static_cast<int>(info_.output_width);
    picture.height = static_cast<int>(info_.output_height);
    std::vector<std::uint8_t> inks(ink ? static_cast<std::size_t>(picture.width) * 4 : 0);
    for (int y = 0; y < picture.height; ++y) {
      std::uint8_t* row = append_row(picture);
      read_row(ink ? inks.data() : row);
      if (ink) convert_ink(inks, row);
    }
    return turn(std::move(picture), orientation);
  }

 private:
  template <typename Step>
  void run(Step step) {
    if (!failure_.guard(step)) throw_failure();
  }

  [[noreturn]] void throw_failure() {
    switch (errors_.msg_code) {
      case JERR_IMAGE_TOO_BIG:
      case JERR_OUT_OF_MEMORY:
      case JERR_WIDTH_OVERFLOW:
        throw_too_large(source_, failure_.message());
      case JERR_SOF_UNSUPPORTED:
      case JERR_BAD_PRECISION:
      case JERR_COMPONENT_COUNT:
      case JERR_CONVERSION_NOTIMPL:
      case JERR_FRACT_SAMPLE_NOTIMPL:
      case JERR_NOT_COMPILED:
        throw_unsupported(source_, failure_.message());
      default:
        throw_corrupt(source_, failure_.message());
    }
  }

  void read_header() {
    run([this] {
      jpeg_mem_src(&info_, source_.bytes.data(), static_cast<unsigned long>(source_.bytes.size()));
      jpeg_save_markers(&info_, kExifMarker, 0xFFFF);
      jpeg_read_header(&info_, TRUE);
    });
  }

  int exif() const {
    for (auto* marker = info_.marker_list; marker != nullptr; marker = marker->next) {
      const Bytes data(marker->data, marker->data_length);
      if (marker->marker == kExifMarker && data.size() >= 5 && std::equal(data.begin(), data.begin() + 5, "Exif"))
        return exif_orientation(data);
    }
    return kUpright;
  }

  // libjpeg-turbo has vector code for these scales. The scales 3/8 and 5/8 to 7/8 take at least as long as the next
  // larger one of these.
  void choose_scale() {
    info_.scale_denom = 8;
    info_.scale_num = 8;
    if (source_.options.min_short_side <= 0) return;
    const std::int64_t shorter = std::min(info_.image_width, info_.image_height);
    for (const unsigned eighths : {4U, 2U, 1U})
      if ((shorter * eighths + 7) / 8 >= source_.options.min_short_side) info_.scale_num = eighths;
  }

  // Returns true for CMYK.
  bool choose_colours() {
    const bool ink = info_.num_components == 4;
    if (!ink && info_.num_components != 1 && info_.num_components != 3)
      throw_unsupported(source_, "it has " + std::to_string(info_.num_components) + " colour components");
    info_.out_color_space = ink ? JCS_CMYK : JCS_RGB;
    return ink;
  }

  void read_row(std::uint8_t* row) {
    run([this, row] {
      JSAMPROW rows[1] = {row};
      jpeg_read_scanlines(&info_, rows, 1);
    });
  }

  // JPEGs with four components come from Adobe's programs, which store the ink inverted; Pillow assumes this too.
  static void convert_ink(std::vector<std::uint8_t>& inks, std::uint8_t* row) {
    for (std::uint8_t& ink : inks) ink = static_cast<std::uint8_t>(255 - ink);
    cmyk_to_rgb(inks.data(), static_cast<int>(inks.size() / 4), row);
  }

  const PictureSource& source_;
  CFailure failure_;
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct info_{};
};

}  // namespace

Picture decode_jpeg(const PictureSource& source) {
  return JpegDecoder(source).decode();
}

}  // namespace clipseek::image

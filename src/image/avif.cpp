// AVIF through libavif, which (unlike libheif 1.15) imposes a size limit on the AV1 decoder and reads image sequences,
// of which this file decodes the first frame. Pillow uses libavif too. The container's cropping, rotation and mirroring
// are applied here, in this order (MIAF, ISO/IEC 23000-22, 7.3.6.7); an EXIF orientation is ignored, because it repeats
// them.
#include <avif/avif.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "clipseek/error.h"
#include "image/decoders.h"
#include "image/heif_boxes.h"
#include "image/orientation.h"

namespace clipseek::image {
namespace {

struct AvifDeleter {
  void operator()(avifDecoder* decoder) const { avifDecoderDestroy(decoder); }
};
using Decoder = std::unique_ptr<avifDecoder, AvifDeleter>;

void require(const PictureSource& source, const Decoder& decoder, avifResult result) {
  if (result == AVIF_RESULT_OK) return;
  if (result == AVIF_RESULT_OUT_OF_MEMORY) throw std::bad_alloc();
  std::string why = avifResultToString(result);
  if (decoder->diag.error[0] != '\0') why += std::string(" (") + decoder->diag.error + ")";
  if (result == AVIF_RESULT_UNSUPPORTED_DEPTH || result == AVIF_RESULT_NOT_IMPLEMENTED ||
      result == AVIF_RESULT_NO_CODEC_AVAILABLE)
    throw_unsupported(source, why);
  throw_corrupt(source, why);
}

// The field has another name since libavif 1.0.
int mirror_axis(const avifImageMirror& mirror) {
#if AVIF_VERSION >= 1000000
  return mirror.axis;
#else
  return mirror.mode;
#endif
}

// libavif reports a picture above its size limit as broken. This check reports the limit where the boxes can be read.
void check_stated_sizes(const PictureSource& source) {
  try {
    check_heif_sizes(source, read_heif_boxes(source));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kLimitExceeded) throw;
  }
}

Picture crop(const PictureSource& source, const Picture& picture, const avifImage& image) {
  avifCropRect rect{};
  avifDiagnostics diagnostics{};
  if (!avifCropRectConvertCleanApertureBox(&rect, &image.clap, image.width, image.height, image.yuvFormat,
                                           &diagnostics))
    throw_corrupt(source, "its crop rectangle is invalid");
  Picture cropped = make_picture(source, rect.width, rect.height);
  for (int y = 0; y < cropped.height; ++y) {
    const std::size_t from = (static_cast<std::size_t>(y) + rect.y) * image.width + rect.x;
    std::copy_n(picture.rgb.data() + from * 3, static_cast<std::size_t>(rect.width) * 3, append_row(cropped));
  }
  return cropped;
}

Picture transform(const PictureSource& source, Picture picture, const avifImage& image) {
  constexpr int kQuarterTurns[] = {kUpright, 8, 3, 6};  // anticlockwise, as EXIF orientations
  if ((image.transformFlags & AVIF_TRANSFORM_CLAP) != 0) picture = crop(source, picture, image);
  if ((image.transformFlags & AVIF_TRANSFORM_IROT) != 0)
    picture = turn(std::move(picture), kQuarterTurns[image.irot.angle & 3]);
  if ((image.transformFlags & AVIF_TRANSFORM_IMIR) != 0)
    picture = turn(std::move(picture), mirror_axis(image.imir) == 0 ? 4 : 2);
  return picture;
}

}  // namespace

Picture decode_avif(const PictureSource& source) {
  check_stated_sizes(source);
  const Decoder decoder(avifDecoderCreate());
  if (!decoder) throw std::bad_alloc();
  decoder->maxThreads = 1;
  decoder->ignoreExif = AVIF_TRUE;
  decoder->ignoreXMP = AVIF_TRUE;
  decoder->strictFlags = AVIF_STRICT_DISABLED;
  decoder->imageSizeLimit =
      static_cast<std::uint32_t>(std::clamp<std::int64_t>(source.options.max_pixels, 1, AVIF_DEFAULT_IMAGE_SIZE_LIMIT));
  require(source, decoder, avifDecoderSetIOMemory(decoder.get(), source.bytes.data(), source.bytes.size()));
  require(source, decoder, avifDecoderParse(decoder.get()));
  check_size(source, decoder->image->width, decoder->image->height);
  require(source, decoder, avifDecoderNextImage(decoder.get()));

  avifImageFreePlanes(decoder->image, AVIF_PLANES_A);  // with alpha, libavif would blend the picture with black
  const avifImage& image = *decoder->image;
  Picture picture = make_picture(source, image.width, image.height);
  allocate_rows(picture);
  avifRGBImage rgb{};
  avifRGBImageSetDefaults(&rgb, &image);
  rgb.format = AVIF_RGB_FORMAT_RGB;
  rgb.depth = 8;
  rgb.pixels = picture.rgb.data();
  rgb.rowBytes = image.width * 3;
  require(source, decoder, avifImageYUVToRGB(&image, &rgb));
  return transform(source, std::move(picture), image);
}

}  // namespace clipseek::image

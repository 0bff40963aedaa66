// WebP through libwebp: lossy, lossless and with alpha. Of an animation it decodes the first frame on its canvas; the
// canvas is black outside the frame (it begins transparent).
#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>
#include <new>

#include "image/decoders.h"
#include "image/orientation.h"

namespace clipseek::image {
namespace {

struct WebPDeleter {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};

struct FrameIterator : WebPIterator {
  FrameIterator() : WebPIterator() {}
  ~FrameIterator() { WebPDemuxReleaseIterator(this); }
  FrameIterator(const FrameIterator&) = delete;
  FrameIterator& operator=(const FrameIterator&) = delete;
};

int exif(const WebPDemuxer* demuxer) {
  WebPChunkIterator chunk{};
  int orientation = kUpright;
  if (WebPDemuxGetChunk(demuxer, "EXIF", 1, &chunk) != 0)
    orientation = exif_orientation({chunk.chunk.bytes, chunk.chunk.size});
  WebPDemuxReleaseChunkIterator(&chunk);
  return orientation;
}

void decode_frame(const PictureSource& source, const WebPIterator& frame, Picture& picture) {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0)
    throw_unsupported(source, "the installed libwebp has an incompatible interface");
  if (WebPGetFeatures(frame.fragment.bytes, frame.fragment.size, &config.input) != VP8_STATUS_OK ||
      config.input.width != frame.width || config.input.height != frame.height || frame.x_offset < 0 ||
      frame.y_offset < 0 || frame.width > picture.width - frame.x_offset ||
      frame.height > picture.height - frame.y_offset)
    throw_corrupt(source, "its frame does not fit its canvas");

  const std::size_t stride = static_cast<std::size_t>(picture.width) * 3;
  const std::size_t offset = static_cast<std::size_t>(frame.x_offset) * 3;
  config.output.colorspace = MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = row_at(picture, frame.y_offset) + offset;
  config.output.u.RGBA.stride = static_cast<int>(stride);
  config.output.u.RGBA.size = stride * static_cast<std::size_t>(frame.height) - offset;
  const VP8StatusCode status = WebPDecode(frame.fragment.bytes, frame.fragment.size, &config);
  WebPFreeDecBuffer(&config.output);
  if (status == VP8_STATUS_OUT_OF_MEMORY) throw std::bad_alloc();
  if (status == VP8_STATUS_UNSUPPORTED_FEATURE) throw_unsupported(source, "its bitstream uses an unknown feature");
  if (status != VP8_STATUS_OK) throw_corrupt(source, "its bitstream is broken or ends too early");
}

}  // namespace

Picture decode_webp(const PictureSource& source) {
  const WebPData data{source.bytes.data(), source.bytes.size()};
  const std::unique_ptr<WebPDemuxer, WebPDeleter> demuxer(WebPDemux(&data));
  if (!demuxer) throw_corrupt(source, "its chunks are broken or end too early");
  Picture picture = make_picture(source, WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH),
                                 WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT));
  FrameIterator frame;
  if (WebPDemuxGetFrame(demuxer.get(), 1, &frame) == 0) throw_corrupt(source, "it has no frame");
  allocate_rows(picture);
  decode_frame(source, frame, picture);
  return turn(std::move(picture), exif(demuxer.get()));
}

}  // namespace clipseek::image

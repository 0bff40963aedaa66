// TIFF through libtiff, whose RGBA interface (TIFFRGBAImage) converts all the layouts and colour spaces that it knows
// to 8-bit colours; of several pages the first is read. Of 16-bit gray the high byte is used, where Pillow 9 clips to
// white above 255; 16-bit colours are rounded to 8 bits, where Pillow uses the high byte.
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "image/decoders.h"
#include "image/orientation.h"
#include "image/pixels.h"

namespace clipseek::image {
namespace {

struct TiffDeleter {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
  void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};

// The file for libtiff's callbacks, and the first error message of libtiff.
struct Client {
  Bytes bytes;
  std::uint64_t position = 0;
  std::array<char, 256> message{};
};

tmsize_t on_read(thandle_t handle, void* out, tmsize_t size) {
  auto* client = static_cast<Client*>(handle);
  const std::uint64_t left = client->bytes.size() - std::min<std::uint64_t>(client->position, client->bytes.size());
  const auto count = static_cast<std::size_t>(std::min(left, static_cast<std::uint64_t>(size)));
  if (count > 0) std::memcpy(out, client->bytes.data() + client->position, count);
  client->position += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t on_write(thandle_t, void*, tmsize_t) {
  return 0;
}

toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
  auto* client = static_cast<Client*>(handle);
  if (whence == SEEK_CUR) offset += client->position;
  if (whence == SEEK_END) offset += client->bytes.size();
  return client->position = offset;
}

int on_close(thandle_t) {
  return 0;
}

toff_t on_size(thandle_t handle) {
  return static_cast<Client*>(handle)->bytes.size();
}

// With a mapped file, libtiff reads compressed data in place and bounds its size by that of the file.
int on_map(thandle_t handle, void** base, toff_t* size) {
  const Bytes bytes = static_cast<Client*>(handle)->bytes;
  *base = const_cast<std::uint8_t*>(bytes.data());  // opened for reading only
  *size = bytes.size();
  return 1;
}

void on_unmap(thandle_t, void*, toff_t) {}

// The result 1 means that the message is handled, so libtiff prints nothing.
int on_error(TIFF*, void* user, const char*, const char* format, std::va_list arguments) {
  auto& message = static_cast<Client*>(user)->message;
  if (message[0] == '\0') std::vsnprintf(message.data(), message.size(), format, arguments);
  return 1;
}

int on_warning(TIFF*, void*, const char*, const char*, std::va_list) {
  return 1;
}

template <typename T>
T tag(TIFF* tiff, ttag_t id, T otherwise) {
  T value = otherwise;
  return TIFFGetFieldDefaulted(tiff, id, &value) == 1 ? value : otherwise;
}

// The meaning of the four bytes of each word of libtiff's raster.
enum class RasterPixels { kRgb, kPremultiplied, kCmyk };

// libtiff's conversion of a page to 8-bit colours.
class RgbaImage {
 public:
  RgbaImage(const PictureSource& source, TIFF* tiff) {
    std::array<char, 1024> why{};
    if (TIFFRGBAImageBegin(&image_, tiff, 1, why.data()) == 0) throw_unsupported(source, why.data());
    image_.req_orientation = ORIENTATION_TOPLEFT;
  }
  ~RgbaImage() { TIFFRGBAImageEnd(&image_); }
  RgbaImage(const RgbaImage&) = delete;
  RgbaImage& operator=(const RgbaImage&) = delete;

  // Fills `raster` with `rows` whole rows from row `top` on; false where they are damaged. libtiff decodes each strip
  // or row of tiles that they touch.
  bool read(int top, int rows, std::uint32_t* raster) {
    image_.row_offset = top;
    return TIFFRGBAImageGet(&image_, raster, image_.width, static_cast<std::uint32_t>(rows)) == 1;
  }

 private:
  TIFFRGBAImage image_{};
};

class TiffDecoder {
 public:
  explicit TiffDecoder(const PictureSource& source) : source_(source), client_{source.bytes, 0, {}} {
    const std::unique_ptr<TIFFOpenOptions, TiffDeleter> options(TIFFOpenOptionsAlloc());
    if (!options) throw std::bad_alloc();
    // No single buffer needs more bytes than the RGBA pixels of the largest accepted picture.
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(),
                                        std::min<std::int64_t>(source.options.max_pixels, 1LL << 40) * 4 + (1 << 20));
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, &client_);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, &client_);
    tiff_.reset(TIFFClientOpenExt("", "r", &client_, on_read, on_write, on_seek, on_close, on_size, on_map, on_unmap,
                                  options.get()));
    if (!tiff_) throw_failure();
  }

  Picture decode() {
    Picture picture = make_picture(source_, tag<std::uint32_t>(tiff_.get(), TIFFTAG_IMAGEWIDTH, 0),
                                   tag<std::uint32_t>(tiff_.get(), TIFFTAG_IMAGELENGTH, 0));
    const int orientation = tag<std::uint16_t>(tiff_.get(), TIFFTAG_ORIENTATION, kUpright);
    TIFFSetField(tiff_.get(), TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    const RasterPixels pixels = keep_samples_as_stored();
    read_rows(pixels, picture);
    return turn(std::move(picture), orientation);
  }

 private:
  [[noreturn]] void throw_failure() {
    throw_corrupt(source_, client_.message[0] != '\0' ? client_.message.data() : "it cannot be read");
  }

  RasterPixels keep_samples_as_stored();
  int rows_per_block(const Picture& picture);
  void read_rows(RasterPixels pixels, Picture& picture);

  const PictureSource& source_;
  Client client_;
  std::unique_ptr<TIFF, TiffDeleter> tiff_;
};

// Changes the directory in memory so that libtiff returns four samples as they are stored: otherwise it multiplies
// colours by an alpha that is stored beside them, and it has no conversion for CMYK of 16 bits.
RasterPixels TiffDecoder::keep_samples_as_stored() {
  TIFF* tiff = tiff_.get();
  std::uint16_t count = 0;
  std::uint16_t* extra = nullptr;
  if (TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &count, &extra) != 1) count = 0;
  const bool four = tag<std::uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 1) >= 4;
  const auto photometric = tag<std::uint16_t>(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  if (four && photometric == PHOTOMETRIC_SEPARATED &&
      tag<std::uint16_t>(tiff, TIFFTAG_INKSET, INKSET_CMYK) == INKSET_CMYK) {
    const std::array<std::uint16_t, 1> black{EXTRASAMPLE_ASSOCALPHA};
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, static_cast<int>(black.size()), black.data());
    return RasterPixels::kCmyk;
  }
  if (count > 0 && extra[0] == EXTRASAMPLE_UNASSALPHA) {
    std::vector<std::uint16_t> changed(extra, extra + count);
    changed[0] = EXTRASAMPLE_UNSPECIFIED;
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, static_cast<int>(count), changed.data());
    return RasterPixels::kRgb;
  }
  const bool multiplied = four && photometric == PHOTOMETRIC_RGB && count > 0 && extra[0] == EXTRASAMPLE_ASSOCALPHA;
  return multiplied ? RasterPixels::kPremultiplied : RasterPixels::kRgb;
}

// Returns the rows of a strip or tile. Each is decoded as a whole, so it must not be much larger than the picture.
int TiffDecoder::rows_per_block(const Picture& picture) {
  TIFF* tiff = tiff_.get();
  const bool tiled = TIFFIsTiled(tiff) != 0;
  const std::uint64_t size = tiled ? TIFFTileSize64(tiff) : TIFFStripSize64(tiff);
  const auto rows = tag<std::uint32_t>(tiff, tiled ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP, UINT32_MAX);
  constexpr std::uint64_t kBytesPerPixel = 8;
  constexpr std::uint64_t kSmallPicture = 4U << 20;
  const std::uint64_t pixels = static_cast<std::uint64_t>(picture.width) * static_cast<std::uint64_t>(picture.height);
  if (size > kBytesPerPixel * std::max(pixels, kSmallPicture))
    throw_too_large(source_, "one strip or tile has " + std::to_string(size) + " bytes");
  if (size == 0 || rows == 0) throw_corrupt(source_, "its strips or tiles have no size");
  return static_cast<int>(std::min(rows, static_cast<std::uint32_t>(picture.height)));
}

// Computes the same as Pillow's unpackRGBa.
void unmultiply(const std::array<std::uint8_t, 4>& rgba, std::uint8_t* rgb) {
  const int alpha = rgba[3];
  for (std::size_t channel = 0; channel < 3; ++channel)
    rgb[channel] = static_cast<std::uint8_t>(alpha == 0 ? 0 : std::min(rgba[channel] * 255 / alpha, 255));
}

void convert_row(RasterPixels pixels, const std::uint32_t* words, int count, std::uint8_t* rgb) {
  for (int i = 0; i < count; ++i, rgb += 3) {
    const std::uint32_t word = words[i];
    const std::array four{static_cast<std::uint8_t>(TIFFGetR(word)), static_cast<std::uint8_t>(TIFFGetG(word)),
                          static_cast<std::uint8_t>(TIFFGetB(word)), static_cast<std::uint8_t>(TIFFGetA(word))};
    switch (pixels) {
      case RasterPixels::kRgb:
        std::copy_n(four.data(), 3, rgb);
        break;
      case RasterPixels::kPremultiplied:
        unmultiply(four, rgb);
        break;
      case RasterPixels::kCmyk:
        cmyk_to_rgb(four.data(), 1, rgb);
        break;
    }
  }
}

void TiffDecoder::read_rows(RasterPixels pixels, Picture& picture) {
  RgbaImage image(source_, tiff_.get());
  const int block = rows_per_block(picture);
  const auto width = static_cast<std::size_t>(picture.width);
  const auto raster = std::make_unique_for_overwrite<std::uint32_t[]>(width * static_cast<std::size_t>(block));
  for (int top = 0; top < picture.height; top += block) {
    const int rows = std::min(block, picture.height - top);
    if (!image.read(top, rows, raster.get())) throw_failure();
    for (int y = 0; y < rows; ++y)
      convert_row(pixels, raster.get() + static_cast<std::size_t>(y) * width, picture.width, append_row(picture));
  }
}

}  // namespace

Picture decode_tiff(const PictureSource& source) {
  return TiffDecoder(source).decode();
}

}  // namespace clipseek::image

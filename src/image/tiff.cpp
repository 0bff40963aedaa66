// TIFF through libtiff: strips and tiles, either planar layout, every compression that libtiff has; of several pages
// the first. Gray, palette, RGB and CMYK of 1 to 16 bits are converted here, with Pillow's arithmetic; of 16-bit
// samples the high byte counts, also for gray, which Pillow 9 clips to white above 255. What is left (YCbCr, CIE
// L*a*b*, LogLuv) goes through libtiff's own conversion, as YCbCr does in Pillow.
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>

#include "image/decoders.h"
#include "image/orientation.h"
#include "image/tiff_samples.h"

namespace clipseek::image {
namespace {

struct Deleter {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
  void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};

// The file for libtiff's callbacks, and the first thing that it complains about.
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

// Mapped, libtiff reads compressed data in place and knows that none can be larger than the file.
int on_map(thandle_t handle, void** base, toff_t* size) {
  const Bytes bytes = static_cast<Client*>(handle)->bytes;
  *base = const_cast<std::uint8_t*>(bytes.data());  // opened for reading only
  *size = bytes.size();
  return 1;
}

void on_unmap(thandle_t, void*, toff_t) {}

// 1: handled, so nothing is printed.
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

// The strips or tiles that a picture is stored in. A strip is as wide as the picture.
struct Blocks {
  bool tiled = false;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint64_t size = 0;      // of one plane of one block, in bytes
  std::uint64_t row_size = 0;  // of one of its rows
};

class TiffDecoder {
 public:
  explicit TiffDecoder(const PictureSource& source) : source_(source), client_{source.bytes, 0, {}} {
    const std::unique_ptr<TIFFOpenOptions, Deleter> options(TIFFOpenOptionsAlloc());
    if (!options) throw std::bad_alloc();
    // No single buffer needs more than the RGBA of the largest picture allowed.
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
    const TiffSamples samples = read_kind();
    const Blocks blocks = read_layout(samples, picture);
    if (samples.known())
      decode_blocks(samples, blocks, picture);
    else
      decode_rgba(picture);
    return turn(std::move(picture), orientation);
  }

 private:
  [[noreturn]] void throw_failure() {
    throw_corrupt(source_, client_.message[0] != '\0' ? client_.message.data() : "it cannot be read");
  }

  TiffSamples read_kind();
  Blocks read_layout(const TiffSamples& samples, const Picture& picture);
  void read_block(const Blocks& blocks, std::uint32_t left, std::uint32_t top, std::uint32_t rows, int plane,
                  std::uint8_t* out);
  void decode_blocks(const TiffSamples& samples, const Blocks& blocks, Picture& picture);
  void decode_rgba(Picture& picture);

  const PictureSource& source_;
  Client client_;
  std::unique_ptr<TIFF, Deleter> tiff_;
};

// What kind of samples libtiff hands out.
TiffSamples TiffDecoder::read_kind() {
  TIFF* tiff = tiff_.get();
  TiffSamples samples;
  samples.bits = tag<std::uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  samples.channels = tag<std::uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  samples.separate = tag<std::uint16_t>(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
  const auto number = tag<std::uint16_t>(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  if (number != SAMPLEFORMAT_UINT && number != SAMPLEFORMAT_VOID) return samples;

  const auto no_photometric =
      static_cast<std::uint16_t>(samples.channels >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
  auto photometric = tag(tiff, TIFFTAG_PHOTOMETRIC, no_photometric);
  if (photometric == PHOTOMETRIC_YCBCR && !samples.separate &&
      tag<std::uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE) == COMPRESSION_JPEG) {
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    photometric = PHOTOMETRIC_RGB;
  }
  std::uint16_t extra_count = 0;
  std::uint16_t* extra = nullptr;
  if (TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extra) == 1 && extra_count > 0)
    samples.premultiplied = extra[0] == EXTRASAMPLE_ASSOCALPHA;

  switch (photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
      samples.colours = TiffColours::kGray;
      samples.inverted = photometric == PHOTOMETRIC_MINISWHITE;
      break;
    case PHOTOMETRIC_RGB:
      samples.colours = TiffColours::kRgb;
      break;
    case PHOTOMETRIC_SEPARATED:
      if (tag<std::uint16_t>(tiff, TIFFTAG_INKSET, INKSET_CMYK) == INKSET_CMYK) samples.colours = TiffColours::kCmyk;
      break;
    case PHOTOMETRIC_PALETTE: {
      std::uint16_t* map[3] = {};
      if (samples.bits > 8 || TIFFGetField(tiff, TIFFTAG_COLORMAP, &map[0], &map[1], &map[2]) != 1) break;
      samples.colours = TiffColours::kPalette;
      samples.set_palette(map[0], map[1], map[2]);
      break;
    }
    default:
      break;
  }
  return samples;
}

Blocks TiffDecoder::read_layout(const TiffSamples& samples, const Picture& picture) {
  TIFF* tiff = tiff_.get();
  const auto width = static_cast<std::uint32_t>(picture.width);
  const auto height = static_cast<std::uint32_t>(picture.height);
  Blocks blocks;
  blocks.tiled = TIFFIsTiled(tiff) != 0;
  blocks.width = blocks.tiled ? tag<std::uint32_t>(tiff, TIFFTAG_TILEWIDTH, 0) : width;
  blocks.height = blocks.tiled ? tag<std::uint32_t>(tiff, TIFFTAG_TILELENGTH, 0)
                               : std::min(tag<std::uint32_t>(tiff, TIFFTAG_ROWSPERSTRIP, UINT32_MAX), height);
  blocks.size = blocks.tiled ? TIFFTileSize64(tiff) : TIFFStripSize64(tiff);
  blocks.row_size = blocks.tiled ? TIFFTileRowSize64(tiff) : TIFFScanlineSize64(tiff);

  // A block is decoded whole, so it may not be much larger than the picture it serves.
  constexpr std::uint64_t kBytesPerPixel = 8;
  constexpr std::uint64_t kSmallPicture = 4U << 20;
  if (blocks.size > kBytesPerPixel * std::max(std::uint64_t{width} * height, kSmallPicture))
    throw_too_large(source_, "one strip or tile has " + std::to_string(blocks.size) + " bytes");
  if (blocks.width == 0 || blocks.height == 0 || blocks.row_size == 0 || blocks.size < blocks.row_size)
    throw_corrupt(source_, "its strips or tiles have no size");
  if (samples.known() &&
      (blocks.row_size < samples.row_bytes(blocks.width) || blocks.size / blocks.row_size < blocks.height))
    throw_corrupt(source_, "its strips or tiles are smaller than their pixels");
  return blocks;
}

void TiffDecoder::read_block(const Blocks& blocks, std::uint32_t left, std::uint32_t top, std::uint32_t rows, int plane,
                             std::uint8_t* out) {
  TIFF* tiff = tiff_.get();
  const auto sample = static_cast<std::uint16_t>(plane);
  const auto wanted = static_cast<tmsize_t>(blocks.tiled ? blocks.size : blocks.row_size * rows);
  const tmsize_t got = blocks.tiled
                           ? TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, left, top, 0, sample), out, wanted)
                           : TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, top, sample), out, wanted);
  if (got < wanted) throw_failure();
}

void TiffDecoder::decode_blocks(const TiffSamples& samples, const Blocks& blocks, Picture& picture) {
  const auto width = static_cast<std::uint32_t>(picture.width);
  const auto height = static_cast<std::uint32_t>(picture.height);
  std::vector<std::unique_ptr<std::uint8_t[]>> planes(samples.planes());
  for (auto& plane : planes) plane = std::make_unique_for_overwrite<std::uint8_t[]>(blocks.size);
  TiffRowConverter converter(samples, std::min(blocks.width, width));
  for (std::uint32_t top = 0; top < height; top += blocks.height) {
    const std::uint32_t rows = std::min(blocks.height, height - top);
    for (std::uint32_t left = 0; left < width; left += blocks.width) {
      for (std::size_t plane = 0; plane < planes.size(); ++plane)
        read_block(blocks, left, top, rows, static_cast<int>(plane), planes[plane].get());
      for (std::uint32_t y = 0; y < rows; ++y) {
        if (left == 0) append_row(picture);
        std::array<const std::uint8_t*, 4> row{};
        for (std::size_t plane = 0; plane < planes.size(); ++plane)
          row[plane] = planes[plane].get() + y * blocks.row_size;
        converter.convert(row, std::min(blocks.width, width - left),
                          row_at(picture, static_cast<int>(top + y)) + std::size_t{left} * 3);
      }
    }
  }
}

void TiffDecoder::decode_rgba(Picture& picture) {
  std::array<char, 1024> why{};
  if (TIFFRGBAImageOK(tiff_.get(), why.data()) == 0) throw_unsupported(source_, why.data());
  TIFFSetField(tiff_.get(), TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);  // decode() turns it
  const std::size_t pixels = static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height);
  const auto raster = std::make_unique_for_overwrite<std::uint32_t[]>(pixels);
  if (TIFFReadRGBAImageOriented(tiff_.get(), static_cast<std::uint32_t>(picture.width),
                                static_cast<std::uint32_t>(picture.height), raster.get(), ORIENTATION_TOPLEFT, 1) == 0)
    throw_failure();
  const std::uint32_t* pixel = raster.get();
  for (int y = 0; y < picture.height; ++y) {
    std::uint8_t* out = append_row(picture);
    for (int x = 0; x < picture.width; ++x, ++pixel, out += 3) {
      out[0] = static_cast<std::uint8_t>(TIFFGetR(*pixel));
      out[1] = static_cast<std::uint8_t>(TIFFGetG(*pixel));
      out[2] = static_cast<std::uint8_t>(TIFFGetB(*pixel));
    }
  }
}

}  // namespace

Picture decode_tiff(const PictureSource& source) {
  return TiffDecoder(source).decode();
}

}  // namespace clipseek::image

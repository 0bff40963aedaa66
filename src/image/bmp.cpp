// A BMP decoder of our own, because Debian has no small maintained library for it. It reads Windows headers of every
// version and OS/2 headers; 1, 4 and 8 bits with a palette, 16, 24 and 32 bits with default or stated masks, RLE4 and
// RLE8, either row order. "[MS-WMF]" 2.2.2 (DeviceIndependentBitmap Object) and "Bitmap Storage" of the Windows GDI
// documentation describe the format, "OS/2 Presentation Manager Programming" (BITMAPINFOHEADER2) the OS/2 headers.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string>

#include "image/decoders.h"
#include "image/pixels.h"

namespace clipseek::image {
namespace {

enum Compression : std::uint32_t { kRgb = 0, kRle8 = 1, kRle4 = 2, kBitFields = 3, kAlphaBitFields = 6 };

constexpr std::size_t kFileHeader = 14;
constexpr std::uint32_t kOs2Header = 12;
constexpr std::uint32_t kInfoHeader = 40;
constexpr std::uint32_t kOs2Header2 = 64;

// The position of one channel in a pixel of 16 or 32 bits.
struct Channel {
  int shift = 0;
  std::uint32_t max = 0;
  std::uint8_t operator()(std::uint32_t pixel) const {
    return max == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(std::uint64_t{pixel >> shift & max} * 255 / max);
  }
};

struct Header {
  std::int64_t width = 0;
  std::int64_t height = 0;
  bool top_down = false;
  int bits = 0;
  std::uint32_t compression = kRgb;
  std::array<Channel, 3> channels;  // red, green, blue; for 16 and 32 bits
  Palette palette;
  std::size_t pixels = 0;  // their offset in the file
};

Channel make_channel(const PictureSource& source, std::uint32_t mask) {
  if (mask == 0) return {};
  const int shift = std::countr_zero(mask);
  const std::uint32_t max = mask >> shift;
  if ((max & (max + 1)) != 0) throw_unsupported(source, "a colour mask has gaps");
  return {shift, max};
}

bool has_masks(const Header& header) {
  return header.compression == kBitFields || header.compression == kAlphaBitFields;
}

// `reader` must be just after the first 40 bytes of the header.
void read_masks(const PictureSource& source, ByteReader& reader, Header& header) {
  std::array<std::uint32_t, 3> masks{0xFF0000, 0xFF00, 0xFF};
  if (header.bits == 16) masks = {0x7C00, 0x3E0, 0x1F};
  if (has_masks(header)) {
    const std::array<std::uint32_t, 3> stated{reader.u32(), reader.u32(), reader.u32()};
    if (header.compression == kAlphaBitFields) reader.u32();
    if (stated != std::array<std::uint32_t, 3>{}) masks = stated;
  }
  for (std::size_t i = 0; i < masks.size(); ++i) header.channels[i] = make_channel(source, masks[i]);
}

void read_palette(ByteReader& reader, Header& header, std::uint32_t colours, bool padded) {
  const std::uint32_t max = 1U << header.bits;
  const std::uint32_t count = colours == 0 ? max : std::min(colours, max);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Bytes entry = reader.take(padded ? 4 : 3);
    if (!entry.empty()) header.palette.set(static_cast<int>(i), entry[2], entry[1], entry[0]);
  }
}

void check_type(const PictureSource& source, const Header& header, std::uint32_t header_size) {
  const bool known = header.bits == 1 || header.bits == 4 || header.bits == 8 || header.bits == 16 ||
                     header.bits == 24 || header.bits == 32;
  if (!known) throw_unsupported(source, "it has " + std::to_string(header.bits) + " bits a pixel");
  const bool rle8 = header.compression == kRle8 && header.bits == 8;
  const bool rle4 = header.compression == kRle4 && header.bits == 4;
  const bool masks = has_masks(header) && header.bits >= 16 && header_size != kOs2Header2;
  if (header.compression != kRgb && !rle8 && !rle4 && !masks)
    throw_unsupported(source, "its compression is " + std::to_string(header.compression));
}

Header read_header(const PictureSource& source) {
  ByteReader reader(source.bytes, ByteOrder::kLittle);
  reader.seek(kFileHeader - 4);
  const std::uint32_t stated_offset = reader.u32();
  const std::uint32_t header_size = reader.u32();
  if (header_size != kOs2Header && (header_size < kInfoHeader || header_size > 124))
    throw_unsupported(source, "its header has " + std::to_string(header_size) + " bytes");

  Header header;
  std::uint32_t colours = 0;
  if (header_size == kOs2Header) {
    header.width = reader.u16();
    header.height = reader.u16();
    reader.u16();
    header.bits = reader.u16();
  } else {
    header.width = static_cast<std::int32_t>(reader.u32());
    const auto height = static_cast<std::int32_t>(reader.u32());
    header.top_down = height < 0;
    header.height = std::abs(std::int64_t{height});
    reader.u16();
    header.bits = reader.u16();
    header.compression = reader.u32();
    reader.take(12);
    colours = reader.u32();
    reader.u32();
  }
  if (!reader.ok()) throw_corrupt(source, "its header ends too early");
  check_type(source, header, header_size);
  if (header.bits >= 16) read_masks(source, reader, header);
  // Masks after a 40-byte header are not part of it.
  if (header_size != kInfoHeader || !has_masks(header)) reader.seek(kFileHeader + header_size);
  if (header.bits <= 8) read_palette(reader, header, colours, header_size != kOs2Header);
  header.pixels = stated_offset != 0 ? stated_offset : reader.position();
  return header;
}

// `count` values of 1, 2 or 4 bits, the first in the highest bits, to one byte each.
void unpack_bits(const std::uint8_t* packed, int bits, int count, std::uint8_t* out) {
  const int mask = (1 << bits) - 1;
  int shift = 8;
  for (int i = 0; i < count; ++i) {
    shift -= bits;
    out[i] = static_cast<std::uint8_t>(*packed >> shift & mask);
    if (shift == 0) {
      shift = 8;
      ++packed;
    }
  }
}

void convert_row(const Header& header, const std::uint8_t* packed, int width, std::vector<std::uint8_t>& indices,
                 std::uint8_t* rgb) {
  if (header.bits <= 8) {
    if (header.bits < 8) unpack_bits(packed, header.bits, width, indices.data());
    expand_palette(header.palette, header.bits < 8 ? indices.data() : packed, width, rgb);
    return;
  }
  for (int x = 0; x < width; ++x, rgb += 3) {
    if (header.bits == 24) {
      std::reverse_copy(packed, packed + 3, rgb);
      packed += 3;
      continue;
    }
    std::uint32_t pixel = packed[0] | static_cast<std::uint32_t>(packed[1]) << 8;
    if (header.bits == 32)
      pixel |= static_cast<std::uint32_t>(packed[2]) << 16 | static_cast<std::uint32_t>(packed[3]) << 24;
    packed += header.bits / 8;
    for (std::size_t i = 0; i < 3; ++i) rgb[i] = header.channels[i](pixel);
  }
}

void decode_rows(const PictureSource& source, const Header& header, Picture& picture) {
  const std::uint64_t row_bits = static_cast<std::uint64_t>(picture.width) * static_cast<std::uint64_t>(header.bits);
  const std::uint64_t row_bytes = (row_bits + 7) / 8;
  const std::uint64_t stride = (row_bits + 31) / 32 * 4;
  const std::uint64_t needed = stride * static_cast<std::uint64_t>(picture.height - 1) + row_bytes;
  ByteReader reader(source.bytes, ByteOrder::kLittle);
  reader.seek(header.pixels);
  const Bytes packed = reader.take(needed);
  if (packed.empty()) throw_corrupt(source, "it ends too early");
  std::vector<std::uint8_t> indices(header.bits < 8 ? static_cast<std::size_t>(picture.width) : 0);
  for (int y = 0; y < picture.height; ++y) {
    const int from = header.top_down ? y : picture.height - 1 - y;
    convert_row(header, packed.data() + stride * static_cast<std::uint64_t>(from), picture.width, indices,
                append_row(picture));
  }
}

// Run-length codes write at a current position, which begins at the left end of the first stored row. Skipped pixels
// have colour 0, and a run is cut at the end of its row.
class RunLengthDecoder {
 public:
  RunLengthDecoder(const PictureSource& source, const Header& header, Picture& picture)
      : source_(source), header_(header), picture_(picture), reader_(source.bytes, ByteOrder::kLittle) {
    reader_.seek(header.pixels);
  }

  void decode() {
    while (y_ < picture_.height) {
      const int count = reader_.u8();
      const int value = reader_.u8();
      if (count > 0) {
        for (int i = 0; i < count; ++i) put(nibbles() ? (i % 2 == 0 ? value >> 4 : value & 15) : value);
      } else if (value == 0) {
        x_ = 0;
        ++y_;
      } else if (value == 1) {
        break;
      } else if (value == 2) {
        x_ = std::min(x_ + reader_.u8(), picture_.width);
        y_ += reader_.u8();
      } else {
        put_literal(value);
      }
      // Some writers omit the end code after the last row.
      if (!reader_.ok() && (y_ != picture_.height - 1 || x_ < picture_.width))
        throw_corrupt(source_, "its runs end too early");
      if (!reader_.ok()) break;
    }
  }

 private:
  bool nibbles() const { return header_.compression == kRle4; }

  void put_literal(int count) {
    const auto bytes = static_cast<std::uint64_t>(nibbles() ? (count + 1) / 2 : count);
    const Bytes values = reader_.take(bytes);
    if (values.empty()) return;
    for (int i = 0; i < count; ++i) {
      const int value = values[static_cast<std::size_t>(nibbles() ? i / 2 : i)];
      put(nibbles() ? (i % 2 == 0 ? value >> 4 : value & 15) : value);
    }
    if (bytes % 2 != 0) reader_.take(std::min<std::size_t>(reader_.remaining(), 1));
  }

  void put(int index) {
    if (x_ >= picture_.width) return;
    const auto value = static_cast<std::uint8_t>(index);
    const int row = header_.top_down ? y_ : picture_.height - 1 - y_;
    expand_palette(header_.palette, &value, 1, row_at(picture_, row) + static_cast<std::ptrdiff_t>(x_) * 3);
    ++x_;
  }

  const PictureSource& source_;
  const Header& header_;
  Picture& picture_;
  ByteReader reader_;
  int x_ = 0;
  int y_ = 0;
};

}  // namespace

Picture decode_bmp(const PictureSource& source) {
  const Header header = read_header(source);
  Picture picture = make_picture(source, header.width, header.height);
  if (header.compression == kRle4 || header.compression == kRle8) {
    const std::vector<std::uint8_t> blank(static_cast<std::size_t>(picture.width));
    for (int y = 0; y < picture.height; ++y)
      expand_palette(header.palette, blank.data(), picture.width, append_row(picture));
    RunLengthDecoder(source, header, picture).decode();
  } else {
    decode_rows(source, header, picture);
  }
  return picture;
}

}  // namespace clipseek::image

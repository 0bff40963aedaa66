#include "image/orientation.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace clipseek::image {

int exif_orientation(Bytes exif) {
  constexpr std::array<std::uint8_t, 6> kPrefix{'E', 'x', 'i', 'f', 0, 0};
  constexpr int kOrientationTag = 0x0112;
  constexpr int kShort = 3;
  if (exif.size() >= kPrefix.size() && std::ranges::equal(exif.first(kPrefix.size()), kPrefix))
    exif = exif.subspan(kPrefix.size());
  if (exif.size() < 8 || exif[0] != exif[1] || (exif[0] != 'I' && exif[0] != 'M')) return kUpright;

  // EXIF data is a TIFF file: a header of 8 bytes, which ends with the offset of the first directory; there a count and
  // 12 bytes for each tag.
  ByteReader reader(exif, exif[0] == 'M' ? ByteOrder::kBig : ByteOrder::kLittle);
  reader.seek(4);
  reader.seek(reader.u32());
  for (int left = reader.u16(); left > 0 && reader.ok(); --left) {
    const int tag = reader.u16();
    const int type = reader.u16();
    const std::uint32_t count = reader.u32();
    const int value = reader.u16();
    reader.u16();
    if (tag != kOrientationTag) continue;
    return reader.ok() && type == kShort && count == 1 && value >= 1 && value <= 8 ? value : kUpright;
  }
  return kUpright;
}

namespace {

// The target of the pixel (x, y): the pixel origin + x * right + y * down of the rotated or mirrored picture.
struct Turn {
  std::ptrdiff_t origin = 0;
  std::ptrdiff_t right = 0;
  std::ptrdiff_t down = 0;
};

Turn make_turn(std::ptrdiff_t w, std::ptrdiff_t h, int orientation) {
  switch (orientation) {
    case 2:  // mirrored left to right
      return {w - 1, -1, w};
    case 3:  // rotated by 180 degrees
      return {w * h - 1, -1, -w};
    case 4:  // mirrored top to bottom
      return {w * (h - 1), 1, -w};
    case 5:  // rows and columns exchanged
      return {0, h, 1};
    case 6:  // rotated by 90 degrees clockwise
      return {h - 1, h, -1};
    case 7:  // exchanged, then rotated by 180 degrees
      return {w * h - 1, -h, -1};
    default:  // 8: rotated by 90 degrees anticlockwise
      return {h * (w - 1), -h, 1};
  }
}

}  // namespace

Picture turn(Picture picture, int orientation) {
  if (orientation <= kUpright || orientation > 8) return picture;
  constexpr int kTile = 64;  // the rows read and the columns written fit into the cache together
  const Turn to = make_turn(picture.width, picture.height, orientation);
  std::vector<std::uint8_t> turned(picture.rgb.size());
  for (int top = 0; top < picture.height; top += kTile) {
    for (int left = 0; left < picture.width; left += kTile) {
      const int right = std::min(picture.width, left + kTile);
      for (int y = top; y < std::min(picture.height, top + kTile); ++y) {
        const std::uint8_t* from = picture.rgb.data() + (static_cast<std::ptrdiff_t>(y) * picture.width + left) * 3;
        std::uint8_t* out = turned.data() + (to.origin + left * to.right + y * to.down) * 3;
        for (int x = left; x < right; ++x, from += 3) {
          std::copy_n(from, 3, out);
          out += to.right * 3;
        }
      }
    }
  }
  picture.rgb = std::move(turned);
  if (orientation >= 5) {
    std::swap(picture.width, picture.height);
    std::swap(picture.original_width, picture.original_height);
  }
  return picture;
}

}  // namespace clipseek::image

// Rows of TIFF samples to RGB; knows nothing of libtiff.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/pixels.h"

namespace clipseek::image {

enum class TiffColours { kOther, kGray, kPalette, kRgb, kCmyk };

struct TiffSamples {
  TiffColours colours = TiffColours::kOther;
  int bits = 1;
  int channels = 1;            // of a pixel, extra ones such as alpha counted
  bool separate = false;       // each channel in a plane of its own
  bool inverted = false;       // 0 is white
  bool premultiplied = false;  // the first extra channel is alpha, and the colours are multiplied with it
  Palette palette;

  // Three arrays of 1 << bits entries of 16 bits.
  void set_palette(const std::uint16_t* red, const std::uint16_t* green, const std::uint16_t* blue);
  // Whether TiffRowConverter handles this kind.
  bool known() const;
  // The channels that the colour is made of.
  int needed() const;
  // The planes to hand to TiffRowConverter.
  std::size_t planes() const { return separate ? static_cast<std::size_t>(needed()) : 1; }
  // The bytes that a row of one plane takes.
  std::uint64_t row_bytes(std::uint32_t width) const;
};

class TiffRowConverter {
 public:
  TiffRowConverter(const TiffSamples& samples, std::uint32_t width);

  // `planes` point to the same row in each plane, 16-bit samples in this machine's byte order. `count` <= width.
  void convert(const std::array<const std::uint8_t*, 4>& planes, std::uint32_t count, std::uint8_t* rgb);

 private:
  // The needed channels of each pixel, 8 bits each, side by side.
  void gather(const std::array<const std::uint8_t*, 4>& planes, int count);

  const TiffSamples& samples_;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace clipseek::image

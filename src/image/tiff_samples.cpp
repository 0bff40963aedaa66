#include "image/tiff_samples.h"

#include <algorithm>
#include <cstring>

namespace clipseek::image {

void TiffSamples::set_palette(const std::uint16_t* red, const std::uint16_t* green, const std::uint16_t* blue) {
  const int count = 1 << bits;
  // Some old writers stored 8-bit values. (Pillow takes the high byte all the same, and gets black.)
  const auto is_wide = [](std::uint16_t value) { return value > 255; };
  const bool wide = std::any_of(red, red + count, is_wide) || std::any_of(green, green + count, is_wide) ||
                    std::any_of(blue, blue + count, is_wide);
  const auto byte = [wide](std::uint16_t value) { return static_cast<std::uint8_t>(wide ? value >> 8 : value); };
  for (int i = 0; i < count; ++i) palette.set(i, byte(red[i]), byte(green[i]), byte(blue[i]));
}

int TiffSamples::needed() const {
  if (colours == TiffColours::kCmyk) return 4;
  if (colours == TiffColours::kRgb) return premultiplied && channels >= 4 ? 4 : 3;
  return 1;
}

bool TiffSamples::known() const {
  const bool whole_bytes = bits == 8 || bits == 16;
  const bool packed = (bits == 1 || bits == 2 || bits == 4) && (channels == 1 || separate) && needed() == 1;
  return colours != TiffColours::kOther && channels >= needed() && (whole_bytes || packed);
}

std::uint64_t TiffSamples::row_bytes(std::uint32_t width) const {
  const std::uint64_t values = std::uint64_t{width} * static_cast<std::uint64_t>(separate ? 1 : channels);
  return (values * static_cast<std::uint64_t>(bits) + 7) / 8;
}

TiffRowConverter::TiffRowConverter(const TiffSamples& samples, std::uint32_t width)
    : samples_(samples), pixels_(std::size_t{width} * static_cast<std::size_t>(samples.needed())) {}

void TiffRowConverter::gather(const std::array<const std::uint8_t*, 4>& planes, int count) {
  if (samples_.bits < 8) return unpack_bits(planes[0], samples_.bits, count, pixels_.data());
  const int needed = samples_.needed();
  const std::ptrdiff_t bytes = samples_.bits / 8;
  const std::ptrdiff_t step = samples_.separate ? bytes : bytes * samples_.channels;
  for (int channel = 0; channel < needed; ++channel) {
    const std::uint8_t* from =
        samples_.separate ? planes[static_cast<std::size_t>(channel)] : planes[0] + channel * bytes;
    std::uint8_t* to = pixels_.data() + channel;
    for (int i = 0; i < count; ++i, from += step, to += needed) {
      std::uint16_t wide = *from;
      if (bytes == 2) std::memcpy(&wide, from, sizeof wide);
      *to = static_cast<std::uint8_t>(bytes == 2 ? wide >> 8 : wide);
    }
  }
}

namespace {

// As Pillow's unpackRGBa.
void unmultiply(const std::uint8_t* rgba, int count, std::uint8_t* rgb) {
  for (int i = 0; i < count; ++i, rgba += 4, rgb += 3) {
    const int alpha = rgba[3];
    for (int channel = 0; channel < 3; ++channel)
      rgb[channel] = static_cast<std::uint8_t>(alpha == 0 ? 0 : std::min(rgba[channel] * 255 / alpha, 255));
  }
}

}  // namespace

void TiffRowConverter::convert(const std::array<const std::uint8_t*, 4>& planes, std::uint32_t pixels,
                               std::uint8_t* rgb) {
  const int count = static_cast<int>(pixels);
  gather(planes, count);
  switch (samples_.colours) {
    case TiffColours::kGray: {
      const int max = samples_.bits < 8 ? (1 << samples_.bits) - 1 : 255;
      for (int i = 0; i < count; ++i) {
        const int level = pixels_[static_cast<std::size_t>(i)] * 255 / max;
        pixels_[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(samples_.inverted ? 255 - level : level);
      }
      return expand_gray(pixels_.data(), count, rgb);
    }
    case TiffColours::kPalette:
      return expand_palette(samples_.palette, pixels_.data(), count, rgb);
    case TiffColours::kCmyk:
      return cmyk_to_rgb(pixels_.data(), count, rgb);
    case TiffColours::kRgb:
      if (samples_.needed() == 4) return unmultiply(pixels_.data(), count, rgb);
      std::copy_n(pixels_.data(), static_cast<std::size_t>(count) * 3, rgb);
      return;
    case TiffColours::kOther:
      return;
  }
}

}  // namespace clipseek::image

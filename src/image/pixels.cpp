#include "image/pixels.h"

#include <algorithm>
#include <cstddef>

namespace clipseek::image {

Palette::Palette() : rgb() {
  for (std::size_t i = 0; i < rgb.size(); ++i) rgb[i] = static_cast<std::uint8_t>(i / 3);
}

void Palette::set(int index, std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  std::uint8_t* entry = rgb.data() + static_cast<std::size_t>(index & 255) * 3;
  entry[0] = red;
  entry[1] = green;
  entry[2] = blue;
}

void expand_palette(const Palette& palette, const std::uint8_t* indices, int count, std::uint8_t* rgb) {
  for (int i = 0; i < count; ++i, rgb += 3) std::copy_n(palette.rgb.data() + std::size_t{indices[i]} * 3, 3, rgb);
}

void cmyk_to_rgb(const std::uint8_t* cmyk, int count, std::uint8_t* rgb) {
  for (int i = 0; i < count; ++i, cmyk += 4, rgb += 3) {
    const int light = 255 - cmyk[3];
    for (int channel = 0; channel < 3; ++channel) {
      const int product = cmyk[channel] * light + 128;  // and / 255, rounded: Pillow's MULDIV255
      rgb[channel] = static_cast<std::uint8_t>(std::clamp(light - ((product >> 8) + product) / 256, 0, 255));
    }
  }
}

}  // namespace clipseek::image

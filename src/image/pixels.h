// Pixel conversions that several formats share, each as Pillow computes it.
#pragma once

#include <array>
#include <cstdint>

namespace clipseek::image {

// 256 colours. An entry that a file does not set is the shade of grey of its index, as in Pillow.
struct Palette {
  Palette();
  void set(int index, std::uint8_t red, std::uint8_t green, std::uint8_t blue);
  std::array<std::uint8_t, 768> rgb;
};

// Converts `count` indices to RGB.
void expand_palette(const Palette& palette, const std::uint8_t* indices, int count, std::uint8_t* rgb);

// Converts `count` pixels of four bytes of ink (0: none, 255: full) to RGB.
void cmyk_to_rgb(const std::uint8_t* cmyk, int count, std::uint8_t* rgb);

}  // namespace clipseek::image

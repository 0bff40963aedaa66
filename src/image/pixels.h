// Pixel conversions that several formats share, each as Pillow computes it.
#pragma once

#include <array>
#include <cstdint>

namespace clipseek::image {

// 256 colours. Entries that a file does not set are the shade of grey of their index, as in Pillow.
struct Palette {
  Palette();
  void set(int index, std::uint8_t red, std::uint8_t green, std::uint8_t blue);
  std::array<std::uint8_t, 768> rgb;
};

// `count` indices to RGB.
void expand_palette(const Palette& palette, const std::uint8_t* indices, int count, std::uint8_t* rgb);

// Ink (0 is none, 255 full) to RGB; `count` pixels of four bytes.
void cmyk_to_rgb(const std::uint8_t* cmyk, int count, std::uint8_t* rgb);

}  // namespace clipseek::image

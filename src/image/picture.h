// Decoded pictures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace clipseek {

// 8-bit RGB, rows from the top, no padding: rgb.size() == 3 * width * height.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;
  // Of the file before any reduced-scale decoding, after the EXIF turn.
  int original_width = 0;
  int original_height = 0;
};

enum class PictureFormat { kUnknown, kJpeg, kPng, kWebp, kGif, kBmp, kTiff, kHeif, kAvif };

// Told from the first bytes, never from a name. 16 bytes suffice; fewer may give kUnknown.
PictureFormat picture_format(std::span<const std::byte> head);
std::string_view picture_format_name(PictureFormat format);

struct DecodeOptions {
  // Largest width * height that is decoded, checked from the header before anything is allocated.
  std::int64_t max_pixels = 256'000'000;
  // When > 0, a JPEG is decoded at the smallest DCT scale (1/8 … 8/8) whose shorter side is still at least this.
  int min_short_side = 0;
};

// Decodes the first picture in `bytes`, turned as its EXIF orientation says. `name` begins the message of every error.
// Throws Error: kUnsupported (no picture format, or a kind that is not handled), kCorrupt (truncated or damaged),
// kLimitExceeded. Any thread.
Picture decode_picture(std::span<const std::byte> bytes, std::string_view name, const DecodeOptions& options = {});

}  // namespace clipseek

// Decoded pictures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "clipseek/export.h"

namespace clipseek {

// 8-bit RGB, rows from the top, no padding: rgb.size() == 3 * width * height.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb{};
  // The size of the picture in its file, in pixels, after the EXIF orientation is applied: larger than width and height where a JPEG was
  // decoded at a reduced scale. 0 for a picture that does not come from a file.
  int original_width = 0;
  int original_height = 0;
};

enum class PictureFormat { kUnknown, kJpeg, kPng, kWebp, kGif, kBmp, kTiff, kHeif, kAvif };

// The format of a file that begins with `head`; a file's name plays no part. 16 bytes suffice, and fewer may give
// kUnknown. HEIF files of the brand "mif1" leave their codec open at first: 64 bytes show nearly all that are AVIF. Any
// thread.
CLIPSEEK_API PictureFormat picture_format(std::span<const std::byte> head);
// "JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF", "HEIC" (kHeif), "AVIF" or "unknown": static texts. Any thread.
CLIPSEEK_API std::string_view picture_format_name(PictureFormat format);

struct DecodeOptions {
  // Largest width * height that is decoded, checked from the header before anything is allocated. (A side may have
  // 1,000,000 pixels.) The pixels take 3 bytes each; some decoders need up to four times that while they work.
  std::int64_t max_pixels = 256'000'000;
  // When > 0, a JPEG is decoded at the smallest DCT scale of 1/8, 1/4, 1/2 and 1 whose shorter side is still at least
  // this: a part of the time, and nearly the same pixels once they are resized to half of this or less.
  int min_short_side = 0;
};

// Decodes the first picture in `bytes`, turned as its EXIF orientation (or HEIF's own) says, to the pixels of Pillow's
// convert("RGB"): alpha is dropped, colour profiles are ignored. `name` begins the message of every error. Throws
// Error: kUnsupported (not a picture, or a variant of its format that is not handled), kCorrupt (empty, truncated or
// damaged), kLimitExceeded. Any thread.
CLIPSEEK_API Picture decode_picture(std::span<const std::byte> bytes, std::string_view name,
                                    const DecodeOptions& options = {});

}  // namespace clipseek

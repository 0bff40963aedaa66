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
  // The size of the picture in its file, in pixels, with the EXIF orientation applied: larger than width and height
  // where a JPEG was decoded at a reduced scale. 0 for a picture that does not come from a file.
  int original_width = 0;
  int original_height = 0;
};

enum class PictureFormat { kUnknown, kJpeg, kPng, kWebp, kGif, kBmp, kTiff, kHeif, kAvif };

// Returns the format of a file that begins with `head`; the file's name has no influence. 16 bytes suffice, and with
// fewer the result may be kUnknown. The major brand "mif1" of a HEIF file does not state the codec: with 64 bytes,
// nearly all AVIF files of this brand are recognised. Any thread.
CLIPSEEK_API PictureFormat picture_format(std::span<const std::byte> head);
// "JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF", "HEIC" (kHeif), "AVIF" or "unknown": static texts. Any thread.
CLIPSEEK_API std::string_view picture_format_name(PictureFormat format);

struct DecodeOptions {
  // Largest width * height that is decoded, checked from the header before anything is allocated. (A side may have
  // 1,000,000 pixels.) The pixels take 3 bytes each; some decoders need up to four times that while they work.
  std::int64_t max_pixels = 256'000'000;
  // When > 0, a JPEG is decoded at the smallest DCT scale of 1/8, 1/4, 1/2 and 1 whose shorter side is still at least
  // this: decoding takes less time, and the pixels are nearly the same after a resize to half of this or less.
  int min_short_side = 0;
};

// Decodes the first picture in `bytes`, with its EXIF orientation (or HEIF's own) applied, to the same pixels as
// Pillow's convert("RGB"): alpha is dropped, colour profiles are ignored. `name` begins the message of every error.
// Throws Error: kUnsupported (not a picture, or an unsupported variant of its format), kCorrupt (empty, truncated or
// damaged), kLimitExceeded. Any thread.
CLIPSEEK_API Picture decode_picture(std::span<const std::byte> bytes, std::string_view name,
                                    const DecodeOptions& options = {});

}  // namespace clipseek

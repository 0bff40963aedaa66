// The interface between picture.cpp and the decoders of the formats. Each format has one .cpp, the only file that
// includes the format's library. Colours become RGB as in Pillow's convert("RGB"): alpha is dropped and colour profiles
// are ignored. A decoder that deviates from Pillow on purpose states it in its file.
#pragma once

#include <cstdint>
#include <string_view>

#include "clipseek/picture.h"
#include "image/byte_reader.h"

namespace clipseek::image {

// The input of a decoder. The functions below that throw begin their message with `name`.
struct PictureSource {
  Bytes bytes;
  std::string_view name;
  PictureFormat format = PictureFormat::kUnknown;
  DecodeOptions options;
};

[[noreturn]] void throw_corrupt(const PictureSource& source, std::string_view why);
[[noreturn]] void throw_unsupported(const PictureSource& source, std::string_view why);
[[noreturn]] void throw_too_large(const PictureSource& source, std::string_view why);

// Decoders call it with the size in the header before they allocate anything of that size. Throws kLimitExceeded, or
// kCorrupt where a side is below 1.
void check_size(const PictureSource& source, std::int64_t width, std::int64_t height);

// Returns a picture of that size without pixels, after check_size.
Picture make_picture(const PictureSource& source, std::int64_t width, std::int64_t height);

// Allocates the next row (3 * width bytes) of a picture that is decoded from the top. Memory is touched only as rows
// arrive, so that a false size in a header costs little. The pointer is valid until the next call.
std::uint8_t* append_row(Picture& picture);

// Allocates all rows at once, black.
void allocate_rows(Picture& picture);
std::uint8_t* row_at(Picture& picture, int y);

Picture decode_jpeg(const PictureSource& source);
Picture decode_png(const PictureSource& source);
Picture decode_webp(const PictureSource& source);
Picture decode_gif(const PictureSource& source);
Picture decode_bmp(const PictureSource& source);
Picture decode_tiff(const PictureSource& source);
Picture decode_heif(const PictureSource& source);
Picture decode_avif(const PictureSource& source);

}  // namespace clipseek::image

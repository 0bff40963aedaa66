// Between picture.cpp and the formats: one .cpp each, the only place that includes the format's library. Colours become
// RGB as Pillow's convert("RGB") makes them: alpha is dropped and colour profiles are ignored. A file says where it
// does better on purpose.
#pragma once

#include <cstdint>
#include <string_view>

#include "clipseek/picture.h"
#include "image/byte_reader.h"

namespace clipseek::image {

// What a decoder works on. Throwing helpers begin their message with `name`.
struct PictureSource {
  Bytes bytes;
  std::string_view name;
  PictureFormat format = PictureFormat::kUnknown;
  DecodeOptions options;
};

[[noreturn]] void throw_corrupt(const PictureSource& source, std::string_view why);
[[noreturn]] void throw_unsupported(const PictureSource& source, std::string_view why);
[[noreturn]] void throw_too_large(const PictureSource& source, std::string_view why);

// Called with the size in the header before anything of that size is allocated. Throws kLimitExceeded, or kCorrupt when
// a side is below 1.
void check_size(const PictureSource& source, std::int64_t width, std::int64_t height);

// A picture of that size without pixels, after check_size.
Picture make_picture(const PictureSource& source, std::int64_t width, std::int64_t height);

// Room for the next row (3 * width bytes) of a picture that is decoded from the top: memory is only touched as rows
// arrive, so a header that promises much costs little. The pointer holds until the next call.
std::uint8_t* append_row(Picture& picture);

// Room for all rows at once, black.
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

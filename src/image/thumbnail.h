// Small pictures for display.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "clipseek/picture.h"

namespace clipseek::image {

// Returns `picture` as a baseline JPEG (4:2:0). `quality` is libjpeg's, 1 to 100. Throws Error kLimitExceeded for a
// side above 65,500 pixels, libjpeg's limit, and kInvalidArgument for a picture without pixels. Any thread.
std::string encode_jpeg(const Picture& picture, int quality);

// Returns the picture in `bytes`, upright, as a JPEG whose longer side has at most `longer_side` pixels; a smaller
// picture keeps its size. Throws the Errors of decode_picture. Any thread.
std::string make_thumbnail(std::span<const std::byte> bytes, std::string_view name, int longer_side,
                           DecodeOptions options = {});

// Returns `jpeg` itself if its longer side has at most `longer_side` pixels, else as make_thumbnail(). Any thread.
std::string shrink_jpeg(std::string jpeg, std::string_view name, int longer_side, DecodeOptions options = {});

// Returns `picture` as a JPEG of at most `max_bytes` bytes whose longer side has at most `longer_side` pixels: of the
// best quality that fits, and smaller only if no quality fits. Returns std::nullopt if `max_bytes` suffices for no JPEG
// of at least 16 pixels. Throws as encode_jpeg(). Any thread.
std::optional<std::string> make_small_jpeg(const Picture& picture, int longer_side, std::size_t max_bytes);

}  // namespace clipseek::image

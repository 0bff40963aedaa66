// Small pictures for people to look at.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "clipseek/picture.h"

namespace clipseek::image {

// A baseline JPEG (4:2:0) of `picture`. `quality` is libjpeg's, 1 to 100. Throws Error kLimitExceeded for a side above
// 65,500 pixels, which JPEG cannot hold, and kInvalidArgument for a picture without pixels. Any thread.
std::string encode_jpeg(const Picture& picture, int quality);

// The picture in `bytes`, upright, as a JPEG whose longer side has at most `longer_side` pixels; a smaller one keeps
// its size. Throws Error as decode_picture does. Any thread.
std::string make_thumbnail(std::span<const std::byte> bytes, std::string_view name, int longer_side,
                           DecodeOptions options = {});

}  // namespace clipseek::image

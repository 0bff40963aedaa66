// Limits on input pictures.
#pragma once

#include <cstddef>
#include <cstdint>

namespace clipseek::image {

// The largest picture file, or picture in a message, that is read into memory.
inline constexpr std::size_t kMaxPictureBytes = std::size_t{512} << 20;

// The most pixels of a thumbnail that is stored with a picture of a topic.
inline constexpr std::int64_t kMaxThumbnailPixels = 1'000'000;

}  // namespace clipseek::image

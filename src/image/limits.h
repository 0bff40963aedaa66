// Limits on input pictures.
#pragma once

#include <cstddef>

namespace clipseek::image {

// The largest picture file, or picture in a message, that is read into memory.
inline constexpr std::size_t kMaxPictureBytes = std::size_t{512} << 20;

}  // namespace clipseek::image

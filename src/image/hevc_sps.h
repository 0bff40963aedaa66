// The picture size that an HEVC stream states in its sequence parameter set (ITU-T H.265, 7.3.2.2).
#pragma once

#include <optional>

#include "image/byte_reader.h"

namespace clipseek::image {

struct HevcSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

// `nal`: one NAL unit with its two-byte header. Returns std::nullopt where it is not a sequence parameter set, and
// 0 x 0 where it is a damaged one.
std::optional<HevcSize> hevc_sps_size(Bytes nal);

}  // namespace clipseek::image

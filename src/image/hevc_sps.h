// The picture size that an HEVC stream announces in its sequence parameter set (ITU-T H.265, 7.3.2.2).
#pragma once

#include <optional>

#include "image/byte_reader.h"

namespace clipseek::image {

struct HevcSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

// `nal`: one NAL unit with its two-byte header. None when it is no sequence parameter set; 0 x 0 when it is a broken
// one.
std::optional<HevcSize> hevc_sps_size(Bytes nal);

}  // namespace clipseek::image

// Raw pictures made smaller before anything else is done with them: a camera's frame has far more pixels than an
// encoder reads, and most of the time would go into converting and resizing them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace clipseek::nodes {

// The largest of 16, 8, 4, 2 and 1 by which a picture can be divided so that its shorter side stays at least
// `min_short_side` pixels: as JPEG's DCT scales are chosen (image/picture.h). 1 where `min_short_side` is 0.
std::uint32_t reduction_for(std::uint32_t width, std::uint32_t height, int min_short_side);

// Means over blocks of one plane. A row is groups of `channels` bytes; each output is the mean of `across` groups of
// `down` rows, channel by channel. 16 * 16 * 255 and less fits the sums.
class BlockMeans {
 public:
  BlockMeans(std::size_t outputs, std::size_t channels, std::size_t across, std::size_t down);

  // The means of the `down` rows that begin at `rows`, `step` bytes apart: `outputs` groups of `channels` bytes, in
  // memory of this object. A row has at least outputs * across * channels bytes.
  const std::uint8_t* of(const std::uint8_t* rows, std::size_t step);

 private:
  std::size_t outputs_;
  std::size_t channels_;
  std::size_t across_;
  std::size_t down_;
  std::vector<std::uint16_t> sums_;
  std::vector<std::uint8_t> means_;
};

}  // namespace clipseek::nodes

// Reduces raw pictures before colour conversion: a camera's frame has far more pixels than an encoder reads, and
// converting and resizing all of them would take most of the time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace clipseek::nodes {

// Returns the largest of the factors 16, 8, 4, 2 and 1 that leaves the shorter side at least `min_short_side` pixels
// long, by the same rule as for JPEG's DCT scales (clipseek/picture.h). Returns 1 if `min_short_side` is 0.
std::uint32_t reduction_for(std::uint32_t width, std::uint32_t height, int min_short_side);

// Computes the means over blocks of one plane. A row consists of groups of `channels` bytes; each output group is the
// mean of `across` groups in each of `down` rows, channel by channel. A column sum of `down` <= 16 rows fits into 16
// bits.
class BlockMeans {
 public:
  BlockMeans(std::size_t outputs, std::size_t channels, std::size_t across, std::size_t down);

  // Returns the means of the `down` rows that begin at `rows` and are `step` bytes apart: `outputs` groups of
  // `channels` bytes, valid until the next call. A row has at least outputs * across * channels bytes.
  const std::uint8_t* compute(const std::uint8_t* rows, std::size_t step);

 private:
  std::size_t outputs_;
  std::size_t channels_;
  std::size_t across_;
  std::size_t down_;
  std::vector<std::uint16_t> sums_;
  std::vector<std::uint8_t> means_;
};

}  // namespace clipseek::nodes

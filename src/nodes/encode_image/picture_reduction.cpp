#include "nodes/encode_image/picture_reduction.h"

#include <algorithm>

namespace clipseek::nodes {

std::uint32_t reduction_for(std::uint32_t width, std::uint32_t height, int min_short_side) {
  std::uint32_t factor = 1;
  if (min_short_side <= 0) return factor;
  auto min_side = static_cast<std::uint32_t>(min_short_side);
  while (factor < 16 && std::min(width, height) / (2 * factor) >= min_side) factor *= 2;
  return factor;
}

BlockMeans::BlockMeans(std::size_t outputs, std::size_t channels, std::size_t across, std::size_t down)
    : outputs_(outputs),
      channels_(channels),
      across_(across),
      down_(down),
      sums_(outputs * across * channels),
      means_(outputs * channels) {}

const std::uint8_t* BlockMeans::compute(const std::uint8_t* rows, std::size_t step) {
  // Columns first: this is nearly all of the work, and compilers vectorize a plain sum of rows.
  std::fill(sums_.begin(), sums_.end(), std::uint16_t{0});
  for (std::size_t row = 0; row < down_; ++row) {
    const std::uint8_t* from = rows + row * step;
    for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] = static_cast<std::uint16_t>(sums_[i] + from[i]);
  }
  const std::size_t count = across_ * down_;
  for (std::size_t output = 0; output < outputs_; ++output) {
    for (std::size_t channel = 0; channel < channels_; ++channel) {
      const std::uint16_t* first = sums_.data() + output * across_ * channels_ + channel;
      std::size_t sum = count / 2;
      for (std::size_t group = 0; group < across_; ++group) sum += first[group * channels_];
      means_[output * channels_ + channel] = static_cast<std::uint8_t>(sum / count);
    }
  }
  return means_.data();
}

}  // namespace clipseek::nodes

#include "nodes/encode_image/frame_filter.h"

#include <algorithm>
#include <cmath>

namespace clipseek::nodes {

// A token bucket that holds two permits: with one, the jitter of a camera whose rate is a multiple of the limit would
// cost every second permit.
bool FrameFilter::within_rate(std::chrono::steady_clock::time_point now, double max_rate) {
  constexpr double kMaxPermits = 2;
  double seconds = last_arrival_ ? std::chrono::duration<double>(now - *last_arrival_).count() : 0;
  last_arrival_ = now;
  if (max_rate <= 0) return true;
  permits_ = std::min(permits_ + seconds * max_rate, kMaxPermits);
  if (permits_ < 1) return false;
  permits_ -= 1;
  return true;
}

FrameFilter::Grid FrameFilter::brightness(const Picture& picture) {
  Grid grid{};
  const std::size_t stride = std::size_t{3} * picture.width;
  auto edge = [](int cell, int size) { return static_cast<int>(std::int64_t{cell} * size / kCells); };
  for (int row = 0; row < kCells; ++row) {
    const int top = std::min(edge(row, picture.height), picture.height - 1);
    const int bottom = std::max(edge(row + 1, picture.height), top + 1);
    for (int column = 0; column < kCells; ++column) {
      const int left = std::min(edge(column, picture.width), picture.width - 1);
      const int right = std::max(edge(column + 1, picture.width), left + 1);
      std::uint64_t sum = 0;
      for (int y = top; y < bottom; ++y) {
        const std::uint8_t* pixel = picture.rgb.data() + static_cast<std::size_t>(y) * stride + std::size_t{3} * left;
        // The weights of BT.601 in units of 1/256.
        for (int x = left; x < right; ++x, pixel += 3) sum += 77U * pixel[0] + 150U * pixel[1] + 29U * pixel[2];
      }
      const double pixels = static_cast<double>(bottom - top) * (right - left);
      grid[static_cast<std::size_t>(row) * kCells + column] =
          static_cast<float>(static_cast<double>(sum) / 256 / pixels);
    }
  }
  return grid;
}

bool FrameFilter::has_changed(const Picture& picture, double min_change) {
  candidate_.reset();
  if (min_change <= 0) return true;
  candidate_ = brightness(picture);
  if (!accepted_) return true;
  double sum = 0;
  for (std::size_t i = 0; i < candidate_->size(); ++i) sum += std::abs((*candidate_)[i] - (*accepted_)[i]);
  return sum / static_cast<double>(candidate_->size()) >= min_change;
}

}  // namespace clipseek::nodes

// Pillow's resize, with the same result bit for bit. Pillow's src/libImaging/Resample.c defines the arithmetic: each
// output pixel has a window of normalised double weights, rounded to fixed point; first all rows are resampled to 8-bit
// values, then all columns of those. The sums are exact integers, so this file may order them for speed.
#include "image/resample.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "base/multiversion.h"

namespace clipseek::image {
namespace {

constexpr int kFractionBits = 32 - 8 - 2;  // 8 bits of result, 2 for weights below 0 and sums above 1
constexpr int kHalf = 1 << (kFractionBits - 1);
constexpr int kLanes = 16;  // rows resampled side by side, one in each vector lane

double bilinear(double x) {
  x = std::abs(x);
  return x < 1.0 ? 1.0 - x : 0.0;
}

// Keys' cubic convolution with a = -0.5.
double bicubic(double x) {
  constexpr double kA = -0.5;
  x = std::abs(x);
  if (x < 1.0) return ((kA + 2.0) * x - (kA + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * kA;
  return 0.0;
}

// The input pixels of each wanted output pixel: taps[i].count pixels from taps[i].start, weighted by
// weights[i * stride ...].
struct Taps {
  int start = 0;
  int count = 0;
};

struct Weights {
  std::vector<Taps> taps;
  std::vector<std::int32_t> weights;
  std::size_t stride = 0;
  // The range of inputs that all windows together read.
  int first_input() const { return taps.front().start; }
  int end_input() const { return taps.back().start + taps.back().count; }
};

Weights make_weights(const ResampleSide& side, ResampleFilter filter) {
  auto* kernel = filter == ResampleFilter::kBicubic ? bicubic : bilinear;
  const double scale = static_cast<double>(side.in) / static_cast<double>(side.out);
  const double filter_scale = std::max(scale, 1.0);
  const double support = (filter == ResampleFilter::kBicubic ? 2.0 : 1.0) * filter_scale;

  Weights result;
  result.stride = static_cast<std::size_t>(std::ceil(support)) * 2 + 1;
  result.taps.resize(static_cast<std::size_t>(side.count));
  result.weights.resize(result.taps.size() * result.stride);
  std::vector<double> window;
  for (std::size_t i = 0; i < result.taps.size(); ++i) {
    const double centre = (static_cast<double>(side.first) + static_cast<double>(i) + 0.5) * scale;
    const int start = std::max(static_cast<int>(std::floor(centre - support + 0.5)), 0);
    const int end = std::min(static_cast<int>(std::floor(centre + support + 0.5)), side.in);
    result.taps[i] = {start, end - start};
    window.clear();
    for (int x = start; x < end; ++x) window.push_back(kernel((x - centre + 0.5) * (1.0 / filter_scale)));
    const double sum = std::accumulate(window.begin(), window.end(), 0.0);
    std::int32_t* out = result.weights.data() + i * result.stride;
    for (const double weight : window) {
      const double share = sum != 0 ? weight / sum : weight;
      *out++ = static_cast<std::int32_t>((share < 0 ? -0.5 : 0.5) + share * (1 << kFractionBits));
    }
  }
  return result;
}

inline std::uint8_t to_byte(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp(sum >> kFractionBits, 0, 255));
}

// Interleaves kLanes rows of `count` bytes, `stride` apart, to `count` groups of kLanes samples. The samples have 16
// bits because GCC computes 32-bit products from 16-bit samples in half the time that 8-bit samples take.
CLIPSEEK_MULTIVERSION void interleave_rows(const std::uint8_t* __restrict rows, std::size_t stride, std::size_t count,
                                           std::uint16_t* __restrict out) {
  for (std::size_t x = 0; x < count; ++x)
    for (std::size_t lane = 0; lane < kLanes; ++lane) out[x * kLanes + lane] = rows[lane * stride + x];
}

// Applies one window to interleaved pixels, for kLanes rows and three channels at once.
CLIPSEEK_MULTIVERSION void weigh_lanes(const std::uint16_t* __restrict pixels, const std::int32_t* __restrict weights,
                                       int count, std::uint8_t* __restrict out) {
  constexpr int kGroup = kChannels * kLanes;
  std::int32_t sums[kGroup];
  for (int i = 0; i < kGroup; ++i) sums[i] = kHalf;
  for (int tap = 0; tap < count; ++tap, pixels += kGroup) {
    const std::int32_t weight = weights[tap];
    for (int i = 0; i < kGroup; ++i) sums[i] += pixels[i] * weight;
  }
  for (int i = 0; i < kGroup; ++i) out[i] = to_byte(sums[i]);
}

CLIPSEEK_MULTIVERSION void separate_rows(const std::uint8_t* __restrict lanes, std::size_t stride, std::size_t count,
                                         std::uint8_t* __restrict rows) {
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    for (std::size_t x = 0; x < count; ++x) rows[lane * stride + x] = lanes[x * kLanes + lane];
}

CLIPSEEK_MULTIVERSION void add_weighted(const std::uint8_t* __restrict row, std::int32_t weight, std::size_t count,
                                        std::int32_t* __restrict sums) {
  for (std::size_t x = 0; x < count; ++x) sums[x] += row[x] * weight;
}

CLIPSEEK_MULTIVERSION void to_bytes(const std::int32_t* __restrict sums, std::size_t count,
                                    std::uint8_t* __restrict out) {
  for (std::size_t x = 0; x < count; ++x) out[x] = to_byte(sums[x]);
}

// Rows in RGB, `width` pixels each, without padding.
struct Rows {
  int width = 0;
  std::vector<std::uint8_t> rgb;
  std::size_t stride() const { return static_cast<std::size_t>(width) * kChannels; }
};

// Resamples `height` rows from `first_row` along their length.
class RowResampler {
 public:
  RowResampler(const Picture& picture, const Weights& weights) : picture_(picture), weights_(weights) {
    const std::size_t inputs = static_cast<std::size_t>(weights.end_input() - weights.first_input()) * kChannels;
    pixels_.resize(inputs * kLanes);
    lanes_.resize(weights.taps.size() * kChannels * kLanes);
  }

  Rows run(int first_row, int height) {
    Rows out{static_cast<int>(weights_.taps.size()), {}};
    const std::size_t in_stride = static_cast<std::size_t>(picture_.width) * kChannels;
    const std::uint8_t* in = picture_.rgb.data() + static_cast<std::size_t>(first_row) * in_stride;
    std::vector<std::uint8_t> padded;
    if (height < kLanes) {  // too few rows for one block: pad to kLanes rows
      padded.assign(in, in + static_cast<std::size_t>(height) * in_stride);
      padded.resize(kLanes * in_stride);
      in = padded.data();
    }
    const int rows = std::max(height, kLanes);
    out.rgb.resize(static_cast<std::size_t>(rows) * out.stride());
    for (int y = 0; y < rows; y += kLanes) {
      const auto top =
          static_cast<std::size_t>(std::min(y, rows - kLanes));  // the last block may overlap its predecessor
      run_block(in + top * in_stride, in_stride, out.rgb.data() + top * out.stride(), out.stride());
    }
    return out;
  }

 private:
  void run_block(const std::uint8_t* in, std::size_t in_stride, std::uint8_t* out, std::size_t out_stride) {
    const int first = weights_.first_input();
    interleave_rows(in + static_cast<std::size_t>(first) * kChannels, in_stride, pixels_.size() / kLanes,
                    pixels_.data());
    for (std::size_t i = 0; i < weights_.taps.size(); ++i) {
      const auto [start, count] = weights_.taps[i];
      weigh_lanes(pixels_.data() + static_cast<std::size_t>(start - first) * kChannels * kLanes,
                  weights_.weights.data() + i * weights_.stride, count, lanes_.data() + i * kChannels * kLanes);
    }
    separate_rows(lanes_.data(), out_stride, out_stride, out);
  }

  const Picture& picture_;
  const Weights& weights_;
  std::vector<std::uint16_t> pixels_;
  std::vector<std::uint8_t> lanes_;
};

// Resamples along the columns. rows.rgb begins at input row weights.first_input().
Picture resample_columns(const Rows& rows, const Weights& weights) {
  Picture out;
  out.width = rows.width;
  out.height = static_cast<int>(weights.taps.size());
  out.rgb.resize(weights.taps.size() * rows.stride());
  std::vector<std::int32_t> sums(rows.stride());
  for (std::size_t y = 0; y < weights.taps.size(); ++y) {
    const auto [start, count] = weights.taps[y];
    const std::uint8_t* row = rows.rgb.data() + static_cast<std::size_t>(start - weights.first_input()) * rows.stride();
    const std::int32_t* weight = weights.weights.data() + y * weights.stride;
    std::ranges::fill(sums, kHalf);
    for (int tap = 0; tap < count; ++tap, row += rows.stride())
      add_weighted(row, weight[tap], sums.size(), sums.data());
    to_bytes(sums.data(), sums.size(), out.rgb.data() + y * rows.stride());
  }
  return out;
}

}  // namespace

Picture resample(const Picture& picture, const ResampleSide& horizontal, const ResampleSide& vertical,
                 ResampleFilter filter) {
  const Weights across = make_weights(horizontal, filter);
  const Weights down = make_weights(vertical, filter);
  const int first_row = down.first_input();
  const Rows rows = RowResampler(picture, across).run(first_row, down.end_input() - first_row);
  Picture out = resample_columns(rows, down);
  out.original_width = picture.original_width;
  out.original_height = picture.original_height;
  return out;
}

}  // namespace clipseek::image

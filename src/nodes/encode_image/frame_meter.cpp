#include "nodes/encode_image/frame_meter.h"

#include <cstdio>
#include <utility>

namespace clipseek::nodes {

void FrameMeter::encoded(const FrameTimes& times) {
  std::lock_guard lock(mutex_);
  sum_.preprocess += times.preprocess;
  sum_.infer += times.infer;
  sum_.post += times.post;
  ++encoded_;
}

void FrameMeter::rejected() {
  std::lock_guard lock(mutex_);
  ++rejected_;
}

std::optional<FrameRates> FrameMeter::measure(std::uint64_t received, std::chrono::steady_clock::time_point now) {
  std::lock_guard lock(mutex_);
  auto before = std::exchange(before_, now);
  std::uint64_t new_frames = received - std::exchange(received_before_, received);
  std::uint64_t encoded = std::exchange(encoded_, 0);
  std::uint64_t rejected = std::exchange(rejected_, 0);
  FrameTimes sum = std::exchange(sum_, {});
  if (!before) return std::nullopt;
  double seconds = std::chrono::duration<double>(now - *before).count();
  auto mean = [&](std::chrono::nanoseconds time) {
    return encoded == 0 ? time : time / static_cast<std::int64_t>(encoded);
  };
  return FrameRates{static_cast<double>(new_frames) / seconds,
                    static_cast<double>(encoded) / seconds,
                    rejected,
                    {mean(sum.preprocess), mean(sum.infer), mean(sum.post)}};
}

std::string rates_line(const FrameRates& rates) {
  auto ms = [](std::chrono::nanoseconds time) {
    return static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
  };
  char text[200];
  std::snprintf(text, sizeof text,
                "Sub img fps: %.2f, Smart fps: %.2f, preprocess time ms: %lld, infer time ms: %lld, post process time "
                "ms: %lld",
                rates.received_hz, rates.encoded_hz, ms(rates.mean.preprocess), ms(rates.mean.infer),
                ms(rates.mean.post));
  return text;
}

}  // namespace clipseek::nodes

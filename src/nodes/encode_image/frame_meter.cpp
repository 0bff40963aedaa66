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

std::optional<std::string> FrameMeter::line(std::uint64_t received, std::chrono::steady_clock::time_point now) {
  std::lock_guard lock(mutex_);
  auto before = std::exchange(before_, now);
  std::uint64_t new_frames = received - std::exchange(received_before_, received);
  std::uint64_t encoded = std::exchange(encoded_, 0);
  FrameTimes sum = std::exchange(sum_, {});
  if (!before || (new_frames == 0 && encoded == 0)) return std::nullopt;
  double seconds = std::chrono::duration<double>(now - *before).count();
  auto mean = [&](std::chrono::nanoseconds time) {
    constexpr long long kMillisecond = 1'000'000;
    return encoded == 0 ? 0LL : time.count() / kMillisecond / static_cast<long long>(encoded);
  };
  char text[200];
  std::snprintf(text, sizeof text,
                "Sub img fps: %.2f, Smart fps: %.2f, preprocess time ms: %lld, infer time ms: %lld, post process time "
                "ms: %lld",
                static_cast<double>(new_frames) / seconds, static_cast<double>(encoded) / seconds, mean(sum.preprocess),
                mean(sum.infer), mean(sum.post));
  return text;
}

}  // namespace clipseek::nodes

// The frame rate and the duration of each stage, for the log line and the diagnostics of each second.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace clipseek::nodes {

struct FrameTimes {
  std::chrono::nanoseconds preprocess{0};  // from the message's bytes to pixels
  std::chrono::nanoseconds infer{0};       // the encoder
  std::chrono::nanoseconds post{0};        // making the thumbnail and publishing the feature
};

// The rates and mean times of a period.
struct FrameRates {
  double received_hz = 0;
  double encoded_hz = 0;
  std::uint64_t rejected = 0;  // pictures that could not be encoded
  FrameTimes mean;
};

// "Sub img fps: 3.31, Smart fps: 3.31, preprocess time ms: 44, infer time ms: 216, post process time ms: 0".
std::string rates_line(const FrameRates& rates);

// Thread-safe.
class FrameMeter {
 public:
  void encoded(const FrameTimes& times);
  void rejected();

  // The rates and mean times since the previous call; std::nullopt for the first call. `received` is the number of
  // pictures received since the start; `now` is monotonic.
  std::optional<FrameRates> measure(std::uint64_t received, std::chrono::steady_clock::time_point now);

 private:
  std::mutex mutex_;
  FrameTimes sum_;
  std::uint64_t encoded_ = 0;
  std::uint64_t rejected_ = 0;
  std::uint64_t received_before_ = 0;
  std::optional<std::chrono::steady_clock::time_point> before_;
};

}  // namespace clipseek::nodes

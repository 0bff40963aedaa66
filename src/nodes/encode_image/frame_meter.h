// How many pictures come and how long each stage takes, for the log line of each second.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace clipseek::nodes {

struct FrameTimes {
  std::chrono::nanoseconds preprocess{0};  // the message's bytes to pixels
  std::chrono::nanoseconds infer{0};       // the encoder
  std::chrono::nanoseconds post{0};        // publishing the feature
};

// Any thread.
class FrameMeter {
 public:
  void encoded(const FrameTimes& times);

  // "Sub img fps: 3.31, Smart fps: 3.31, preprocess time ms: 44, infer time ms: 216, post process time ms: 0" for the
  // time since the last call, times being means; nothing when no picture has come in it. `received` counts all
  // pictures that have ever come, `now` is monotonic.
  std::optional<std::string> line(std::uint64_t received, std::chrono::steady_clock::time_point now);

 private:
  std::mutex mutex_;
  FrameTimes sum_;
  std::uint64_t encoded_ = 0;
  std::uint64_t received_before_ = 0;
  std::optional<std::chrono::steady_clock::time_point> before_;
};

}  // namespace clipseek::nodes

#include "ros2/clock.h"

#include <chrono>

namespace clipseek::ros2 {

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Time to_time(std::int64_t nanoseconds) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  return {static_cast<std::int32_t>(nanoseconds / kSecond), static_cast<std::uint32_t>(nanoseconds % kSecond)};
}

}  // namespace clipseek::ros2

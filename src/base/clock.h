// The time of day.
#pragma once

#include <chrono>
#include <cstdint>

namespace clipseek::base {

// Milliseconds since 1970, of a clock that may be set back or forth.
inline std::int64_t now_ms() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace clipseek::base

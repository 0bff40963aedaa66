// The current time, and times as ROS 2 messages contain them.
#pragma once

#include <cstdint>

#include "ros2/msg/builtin_interfaces.h"

namespace clipseek::ros2 {

// In nanoseconds since 1970-01-01 UTC.
std::int64_t now_ns();

// `nanoseconds` since 1970-01-01 UTC must not be negative.
Time to_time(std::int64_t nanoseconds);

inline Time now() {
  return to_time(now_ns());
}

}  // namespace clipseek::ros2

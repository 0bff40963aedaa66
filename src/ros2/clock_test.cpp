#include "ros2/clock.h"

#include <gtest/gtest.h>

namespace clipseek::ros2 {
namespace {

TEST(Clock, TimesKeepTheirNanoseconds) {
  EXPECT_EQ(to_time(1'700'000'000'023'456'789), (Time{1'700'000'000, 23'456'789}));
  EXPECT_EQ(to_time(999'999'999), (Time{0, 999'999'999}));
}

}  // namespace
}  // namespace clipseek::ros2

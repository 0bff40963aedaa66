#include "nodes/encode_image/frame_filter.h"

#include <gtest/gtest.h>

namespace clipseek::nodes {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

Picture uniform(int width, int height, std::uint8_t value) {
  return {width, height, std::vector<std::uint8_t>(std::size_t{3} * width * height, value)};
}

// The number of pictures within `max_rate` among `count` pictures, which arrive every `period` with the given jitter.
int accepted(double max_rate, int count, milliseconds period, milliseconds jitter) {
  FrameFilter filter;
  int sum = 0;
  for (int i = 0; i < count; ++i) {
    Clock::time_point arrival{period * (i + 1) + (i % 2 == 0 ? jitter : -jitter)};
    if (filter.within_rate(arrival, max_rate)) ++sum;
  }
  return sum;
}

TEST(FrameFilter, LimitsTheRate) {
  EXPECT_EQ(accepted(0, 100, milliseconds(100), {}), 100);
  EXPECT_NEAR(accepted(5, 100, milliseconds(100), {}), 50, 1);
  EXPECT_NEAR(accepted(5, 100, milliseconds(100), milliseconds(10)), 50, 2);
  EXPECT_NEAR(accepted(3, 100, milliseconds(100), milliseconds(10)), 30, 2);
  EXPECT_NEAR(accepted(20, 100, milliseconds(100), milliseconds(10)), 100, 1);
}

TEST(FrameFilter, APauseDoesNotAllowABurst) {
  FrameFilter filter;
  Clock::time_point now{};
  EXPECT_TRUE(filter.within_rate(now, 1));
  now += std::chrono::hours(1);
  int sum = 0;
  for (int i = 0; i < 10; ++i) sum += filter.within_rate(now, 1) ? 1 : 0;
  EXPECT_EQ(sum, 2);
}

// Whether the picture changed; if so, it is accepted.
bool accepted_change(FrameFilter& filter, const Picture& picture, double min_change) {
  if (!filter.has_changed(picture, min_change)) return false;
  filter.accept();
  return true;
}

TEST(FrameFilter, ComparesWithTheLastAcceptedPicture) {
  FrameFilter filter;
  EXPECT_TRUE(accepted_change(filter, uniform(64, 48, 100), 5));
  EXPECT_FALSE(accepted_change(filter, uniform(64, 48, 103), 5));
  EXPECT_TRUE(accepted_change(filter, uniform(64, 48, 105), 5));  // slow changes add up
  EXPECT_FALSE(accepted_change(filter, uniform(64, 48, 103), 5));
  EXPECT_TRUE(accepted_change(filter, uniform(64, 48, 103), 0));
  EXPECT_TRUE(accepted_change(filter, uniform(64, 48, 103), 5));  // with 0, nothing was measured
}

TEST(FrameFilter, AChangeThatIsNotAcceptedIsFoundAgain) {
  FrameFilter filter;
  EXPECT_TRUE(accepted_change(filter, uniform(64, 48, 100), 5));
  EXPECT_TRUE(filter.has_changed(uniform(64, 48, 200), 5));  // the camera overwrites the picture, or encoding it fails
  EXPECT_TRUE(filter.has_changed(uniform(64, 48, 200), 5));
  EXPECT_FALSE(filter.has_changed(uniform(64, 48, 100), 5));
}

TEST(FrameFilter, APartOfThePictureCounts) {
  FrameFilter filter;
  Picture picture = uniform(320, 240, 0);
  EXPECT_TRUE(accepted_change(filter, picture, 10));
  std::fill(picture.rgb.begin(), picture.rgb.begin() + picture.rgb.size() / 10, std::uint8_t{255});
  EXPECT_TRUE(accepted_change(filter, picture, 10));  // a tenth of the picture changed by 255: the mean is 25.5
  EXPECT_FALSE(accepted_change(filter, picture, 10));
}

TEST(FrameFilter, PicturesOfAnySizeAreCompared) {
  FrameFilter filter;
  EXPECT_TRUE(accepted_change(filter, uniform(1, 1, 10), 1));
  EXPECT_FALSE(accepted_change(filter, uniform(33, 7, 10), 1));
  EXPECT_TRUE(accepted_change(filter, uniform(5, 500, 12), 1));
}

}  // namespace
}  // namespace clipseek::nodes

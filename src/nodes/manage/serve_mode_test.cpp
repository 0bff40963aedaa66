#include "nodes/manage/serve_mode.h"

#include <gtest/gtest.h>

#include "nodes/encode_image/image_service.h"
#include "nodes/shared/diagnostics.h"

namespace clipseek::nodes {
namespace {

using ros2::DiagnosticStatus;

std::string value_of(const DiagnosticStatus& part, const std::string& key) {
  for (const ros2::KeyValue& one : part.values) {
    if (one.key == key) return one.value;
  }
  return "no such key";
}

TEST(Diagnostics, AFailedQueryIsAWarningUntilOneSucceeds) {
  DiagnosticStatus failed =
      query_diagnostics({.answered = 3, .failed = 1, .last_error = "no text", .last_failed = true});
  EXPECT_EQ(failed.level, DiagnosticStatus::kWarn);
  EXPECT_EQ(failed.message, "3 answered, 1 failed");
  EXPECT_EQ(value_of(failed, "last error"), "no text");
  EXPECT_EQ(query_diagnostics({.answered = 4, .failed = 1, .last_error = "no text"}).level, DiagnosticStatus::kOk);
}

TEST(Diagnostics, APictureThatCannotBeStoredIsAnError) {
  const KeyframeCounts counts{.stored = 5, .near_duplicates = 7};
  DiagnosticStatus good = keyframe_diagnostics(counts, 12, "clip.db", "");
  EXPECT_EQ(good.level, DiagnosticStatus::kOk);
  EXPECT_EQ(good.message, "5 stored, 12 in the database");
  EXPECT_EQ(value_of(good, "near-duplicates left out"), "7");
  DiagnosticStatus full = keyframe_diagnostics(counts, 12, "clip.db", "the disk is full");
  EXPECT_EQ(full.level, DiagnosticStatus::kError);
  EXPECT_NE(full.message.find("the disk is full"), std::string::npos);
}

TEST(Diagnostics, TheNodeIsAWarningUnlessItIsActive) {
  const EncoderInfo model{.name = "tiny", .fingerprint = "f", .dimension = 8};
  EXPECT_EQ(node_diagnostics(ros2::LifecycleState::kActive, &model).level, DiagnosticStatus::kOk);
  EXPECT_EQ(value_of(node_diagnostics(ros2::LifecycleState::kActive, &model), "model"), "tiny");
  EXPECT_EQ(node_diagnostics(ros2::LifecycleState::kInactive, nullptr).level, DiagnosticStatus::kWarn);
  EXPECT_EQ(node_diagnostics(ros2::LifecycleState::kFinalized, nullptr).level, DiagnosticStatus::kError);
}

TEST(Diagnostics, PicturesAreAWarningOnlyWhileNoneIsEncodedAndSomeCannotBe) {
  PictureStreamStatus status;
  status.topic = "/image_raw";
  status.publishers = 1;
  status.rejected = 1;
  status.rates.received_hz = 10;
  EXPECT_EQ(picture_diagnostics(status).level, DiagnosticStatus::kOk);  // left out by max_rate or min_change
  status.rates.rejected = 2;
  EXPECT_EQ(picture_diagnostics(status).level, DiagnosticStatus::kWarn);
  status.rates.encoded_hz = 5;
  EXPECT_EQ(picture_diagnostics(status).level, DiagnosticStatus::kOk);
  status.publishers = 0;
  EXPECT_EQ(picture_diagnostics(status).level, DiagnosticStatus::kWarn);
  EXPECT_EQ(picture_diagnostics(status).message, "/image_raw has no publisher");
}

TEST(GoalMeter, CountsItemsAndTheirRate) {
  using std::chrono::seconds;
  GoalMeter meter;
  std::chrono::steady_clock::time_point start{};
  {
    GoalMeter::Active active(meter);
    meter.add_item(std::nullopt);
    meter.add_item(Error(ErrorCode::kCorrupt, "a.png is damaged"));
    EXPECT_EQ(meter.status(start).active, 1U);
  }
  for (int i = 0; i < 6; ++i) meter.add_item(std::nullopt);
  GoalStatus status = meter.status(start + seconds(2));
  EXPECT_EQ(status.active, 0U);
  EXPECT_EQ(status.received, 1U);
  EXPECT_EQ(status.items, 8U);
  EXPECT_EQ(status.failed, 1U);
  EXPECT_EQ(status.items_hz, 3);
  EXPECT_EQ(status.last_error, "a.png is damaged");
}

}  // namespace
}  // namespace clipseek::nodes

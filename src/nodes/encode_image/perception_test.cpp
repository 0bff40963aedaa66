#include "nodes/encode_image/perception.h"

#include <gtest/gtest.h>

#include <limits>

namespace clipseek::nodes {
namespace {

TEST(Perception, ScoresAreCosinesAndASoftmaxOverAllSentences) {
  const std::vector<Embedding> sentences{{0, 1}, {1, 0}, {0.6F, 0.8F}};
  std::vector<SentenceScore> scores = score_sentences(Embedding{1, 0}, sentences, 2, 2);
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_EQ(scores[0].index, 1U);
  EXPECT_EQ(scores[1].index, 2U);
  EXPECT_FLOAT_EQ(scores[1].cosine, 0.6F);
  // NumPy: x = numpy.exp(2 * numpy.array([1, 0.6, 0])); x / x.sum()
  EXPECT_NEAR(scores[0].probability, 0.6310485, 1e-6);
  EXPECT_NEAR(scores[1].probability, 0.2835484, 1e-6);
  EXPECT_EQ(score_sentences(Embedding{1, 0}, sentences, 2, 9).size(), 3U);
}

TEST(Perception, TheMessageNamesTheSentences) {
  using std::chrono::milliseconds;
  ros2::PerceptionTargets message =
      perception_message({{12, 999'000'000}, "camera"}, {"a dog", "a cat"}, {{1, 0.3F, 0.9F}},
                         {milliseconds(2), milliseconds(40), milliseconds(0)}, 12.6, "tiny");
  EXPECT_EQ(message.header.frame_id, "camera");
  EXPECT_EQ(message.fps, 13);
  ASSERT_EQ(message.targets.size(), 1U);
  EXPECT_EQ(message.targets[0].type, "scene");
  EXPECT_EQ(message.targets[0].attributes, (std::vector<ros2::Attribute>{{"a cat", 0.3F, 0.9F}}));
  ASSERT_EQ(message.perfs.size(), 2U);
  EXPECT_EQ(message.perfs[1].type, "tiny");
  EXPECT_EQ(message.perfs[1].stamp_start, (ros2::Time{13, 1'000'000}));
  EXPECT_EQ(message.perfs[1].stamp_end, (ros2::Time{13, 41'000'000}));
  EXPECT_EQ(message.perfs[1].time_ms_duration, 40);
}

TEST(Perception, StampsOutsideTheRangeOfATimeAreLimited) {
  for (const ros2::Time stamp :
       {ros2::Time{-5, 0}, ros2::Time{std::numeric_limits<std::int32_t>::max(), 4'000'000'000U}}) {
    ros2::PerceptionTargets message = perception_message({stamp, ""}, {}, {}, {}, 1e9, "tiny");
    EXPECT_GE(message.perfs[0].stamp_start.sec, 0);
    EXPECT_EQ(message.header.stamp, stamp);
    EXPECT_EQ(message.fps, 32767);
  }
}

}  // namespace
}  // namespace clipseek::nodes

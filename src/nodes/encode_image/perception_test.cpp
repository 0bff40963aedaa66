#include "nodes/encode_image/perception.h"

#include <gtest/gtest.h>

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
  const Stages stages{{13'001'000'000, milliseconds(2)}, {13'005'000'000, milliseconds(40)}};
  ros2::PerceptionTargets message =
      perception_message({{12, 999'000'000}, "camera"}, {"a dog", "a cat"}, {{1, 0.3F, 0.9F}}, stages, 12.6, "tiny");
  EXPECT_EQ(message.header.frame_id, "camera");
  EXPECT_EQ(message.fps, 13);
  ASSERT_EQ(message.targets.size(), 1U);
  EXPECT_EQ(message.targets[0].type, "scene");
  EXPECT_EQ(message.targets[0].attributes, (std::vector<ros2::Attribute>{{"a cat", 0.3F, 0.9F}}));
  ASSERT_EQ(message.perfs.size(), 2U);
  EXPECT_EQ(message.perfs[1].type, "tiny");
  EXPECT_EQ(message.perfs[0].stamp_start, (ros2::Time{13, 1'000'000}));
  EXPECT_EQ(message.perfs[0].stamp_end, (ros2::Time{13, 3'000'000}));
  EXPECT_EQ(message.perfs[1].stamp_start, (ros2::Time{13, 5'000'000}));
  EXPECT_EQ(message.perfs[1].stamp_end, (ros2::Time{13, 45'000'000}));
  EXPECT_EQ(message.perfs[1].time_ms_duration, 40);
}

TEST(Perception, ARateAboveTheRangeOfTheFieldIsLimited) {
  EXPECT_EQ(perception_message({}, {}, {}, {}, 1e9, "tiny").fps, 32767);
}

}  // namespace
}  // namespace clipseek::nodes

#include "catalog/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "catalog/testing/fake_encoder.h"

namespace clipseek::catalog {
namespace {

// A library of random vectors with the dimension of a real model: unrelated queries score 0 on average, with a standard
// deviation of 1 / sqrt(dimension).
class CalibrationTest : public testing::Test {
 protected:
  LibrarySample random_sample(std::size_t pictures) {
    SampleCollector collector;
    for (std::size_t i = 0; i < pictures; ++i) {
      collector.add(static_cast<std::int64_t>(i), encoder_.embed("picture " + std::to_string(i)));
    }
    return collector.sample();
  }
  std::optional<Calibration> calibrate(const std::string& query, std::size_t pictures) {
    return calibrator_.calibrate(parse_query(query), random_sample(pictures));
  }

  FakeEncoder encoder_{"calibration", 256};
  Calibrator calibrator_{encoder_};
};

TEST_F(CalibrationTest, MeasuresTheScoresOfUnrelatedSentences) {
  auto calibration = calibrate("a dog", 500);
  ASSERT_TRUE(calibration);
  EXPECT_NEAR(calibration->center, 0, 0.01);
  EXPECT_NEAR(calibration->spread, 1 / std::sqrt(256), 0.005);
  // q(1/500) = 2.878 and q(0.1/500) = 3.540, from a table of the normal distribution.
  EXPECT_NEAR((calibration->fair - calibration->center) / calibration->spread, 2.878, 0.01);
  EXPECT_NEAR((calibration->strong - calibration->center) / calibration->spread, 3.540, 0.01);
}

TEST_F(CalibrationTest, RandomQueriesFindFewStrongMatches) {
  LibrarySample sample = random_sample(500);
  auto calibration = calibrator_.calibrate(parse_query("a dog"), sample);
  int strong = 0;
  int weak = 0;
  for (int i = 0; i < 100; ++i) {
    Embedding query = encoder_.encode_text("query " + std::to_string(i));
    float best = nearest(sample.vectors, query, 1, 1).at(0).score;
    strong += strength_of(best, calibration) == Strength::kStrong ? 1 : 0;
    weak += strength_of(best, calibration) == Strength::kWeak ? 1 : 0;
  }
  EXPECT_GT(weak, 20);
  EXPECT_LT(strong, 25);  // a tenth is expected
  Embedding same(sample.vectors.values.begin(), sample.vectors.values.begin() + 256);
  EXPECT_EQ(strength_of(nearest(sample.vectors, same, 1, 1).at(0).score, calibration), Strength::kStrong);
}

TEST_F(CalibrationTest, RequiresHigherScoresInALargerLibrary) {
  auto small = calibrate("a dog", 100);
  LibrarySample large = random_sample(100);
  large.pictures = 1'000'000;
  auto calibration = calibrator_.calibrate(parse_query("a dog"), large);
  EXPECT_GT(calibration->fair, small->fair + small->spread);
}

// All pictures of this library are similar; a match must be more similar than that.
TEST_F(CalibrationTest, ComparesPictureQueriesWithPictures) {
  Embedding common = encoder_.embed("common");
  SampleCollector collector;
  for (int i = 0; i < 200; ++i) collector.add(i, mix({{1, common}, {1, encoder_.embed(std::to_string(i))}}));
  auto words = calibrator_.calibrate(parse_query("a dog"), collector.sample());
  auto picture = calibrator_.calibrate(parse_query("item:3"), collector.sample());
  EXPECT_NEAR(words->center, 0, 0.05);
  EXPECT_NEAR(picture->center, 0.5, 0.05);
}

TEST_F(CalibrationTest, NeedsEnoughPictures) {
  EXPECT_FALSE(calibrate("a dog", 0));
  EXPECT_FALSE(calibrate("item:1", 1));  // one picture has nothing to be compared with
  EXPECT_TRUE(calibrate("a dog", 1));
  EXPECT_EQ(strength_of(0.9F, std::nullopt), Strength::kFair);
}

TEST_F(CalibrationTest, ComparesChineseQueriesWithChineseSentences) {
  EXPECT_TRUE(is_chinese(parse_query("\xE4\xB8\x80\xE5\x8F\xAA\xE7\x8C\xAB")));
  EXPECT_FALSE(is_chinese(parse_query("caf\xC3\xA9 + item:3")));
  EXPECT_NE(calibrate("\xE7\x8C\xAB", 50)->center, calibrate("a cat", 50)->center);
}

TEST(SampleCollector, SpreadsOverAStreamOfAnyLength) {
  SampleCollector collector;
  for (std::int64_t id = 0; id < 10'000; ++id) collector.add(id, std::vector<float>{static_cast<float>(id), 1});
  const LibrarySample& sample = collector.sample();
  EXPECT_EQ(sample.pictures, 10'000U);
  ASSERT_GE(sample.vectors.ids.size(), 512U);
  ASSERT_LT(sample.vectors.ids.size(), 1024U);
  std::int64_t step = sample.vectors.ids[1];
  for (std::size_t i = 0; i < sample.vectors.ids.size(); ++i) {
    EXPECT_EQ(sample.vectors.ids[i], static_cast<std::int64_t>(i) * step);
    EXPECT_EQ(sample.vectors.values[2 * i], static_cast<float>(sample.vectors.ids[i]));
  }
  EXPECT_GT(sample.vectors.ids.back() + 2 * step, 10'000);
}

}  // namespace
}  // namespace clipseek::catalog

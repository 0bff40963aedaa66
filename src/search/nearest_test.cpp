#include "search/nearest.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "base/error.h"

namespace clipseek {
namespace {

VectorMatrix random_matrix(std::size_t rows, std::size_t dimension) {
  std::mt19937 generator(11);
  std::uniform_real_distribution<float> distribution(-1, 1);
  VectorMatrix matrix;
  matrix.dimension = dimension;
  matrix.values.resize(rows * dimension);
  for (float& value : matrix.values) value = distribution(generator);
  for (std::size_t i = 0; i < rows; ++i) matrix.ids.push_back(static_cast<std::int64_t>(1000 + i));
  return matrix;
}

TEST(Nearest, FindsTheLargestDotProducts) {
  VectorMatrix matrix{2, {10, 20, 30}, {1, 0, 0, 1, -1, 0}};
  std::vector<float> query{0.6F, 0.8F};
  std::vector<Scored> found = nearest(matrix, query, 2, 1);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].id, 20);
  EXPECT_FLOAT_EQ(found[0].score, 0.8F);
  EXPECT_EQ(found[1].id, 10);
}

TEST(Nearest, GivesTheSameForAnyNumberOfThreads) {
  VectorMatrix matrix = random_matrix(20'001, 96);  // 7.7 MB: shared out to several threads
  std::memcpy(matrix.values.data() + 20'000 * 96, matrix.values.data(), 96 * sizeof(float));  // a tie of first and last
  std::vector<float> query(matrix.values.begin(), matrix.values.begin() + 96);
  std::vector<Scored> expected = nearest(matrix, query, 50, 1);
  ASSERT_EQ(expected[0].id, 1000);
  ASSERT_EQ(expected[1].id, 21'000);
  for (int threads : {2, 3, 7}) {
    std::vector<Scored> found = nearest(matrix, query, 50, threads);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].id, expected[i].id);
      EXPECT_EQ(found[i].score, expected[i].score);
    }
  }
}

TEST(Nearest, OfNothingIsNothing) {
  VectorMatrix empty;
  empty.dimension = 4;
  EXPECT_TRUE(nearest(empty, std::vector<float>(4), 3, 2).empty());
}

TEST(Nearest, RefusesAQueryOfAnotherDimension) {
  VectorMatrix matrix = random_matrix(3, 8);
  EXPECT_THROW(nearest(matrix, std::vector<float>(7), 1, 1), Error);
}

}  // namespace
}  // namespace clipseek

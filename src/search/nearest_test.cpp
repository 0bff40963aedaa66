#include "search/nearest.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "clipseek/error.h"

namespace clipseek::search {
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
  VectorMatrix matrix = random_matrix(20'001, 96);  // 7.7 MB: divided among several threads
  std::memcpy(matrix.values.data() + 20'000 * 96, matrix.values.data(), 96 * sizeof(float));  // first and last row tie
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

TEST(Nearest, ReturnsNothingForEmptyInput) {
  VectorMatrix empty;
  empty.dimension = 4;
  EXPECT_TRUE(nearest(empty, std::vector<float>(4), 3, 2).empty());
}

TEST(Nearest, RefusesAQueryOfAnotherDimension) {
  VectorMatrix matrix = random_matrix(3, 8);
  EXPECT_THROW(nearest(matrix, std::vector<float>(7), 1, 1), Error);
}

// The numbers of rows and queries are not multiples of the tile size, and one matrix is empty.
TEST(NearestOfMany, GivesEachQueryTheResultsOfASingleSearch) {
  constexpr std::size_t kDimension = 100;
  VectorMatrix whole = random_matrix(3001, kDimension);
  VectorMatrix first{kDimension, {}, {}};
  VectorMatrix second{kDimension, {}, {}};
  for (std::size_t row = 0; row < whole.ids.size(); ++row) {
    VectorMatrix& part = row < 1203 ? first : second;
    part.ids.push_back(whole.ids[row]);
    auto begin = whole.values.begin() + static_cast<std::ptrdiff_t>(row * kDimension);
    part.values.insert(part.values.end(), begin, begin + kDimension);
  }
  VectorMatrix empty{kDimension, {}, {}};
  std::vector<const VectorMatrix*> matrices{&first, &empty, &second};
  std::vector<NearestQuery> queries;
  for (std::size_t q = 0; q < 7; ++q) {
    queries.push_back({std::span(whole.values).subspan(q * 311 * kDimension, kDimension), 1 + q * 10});
  }
  for (int threads : {1, 3}) {
    auto found = nearest_of_many(matrices, queries, threads);
    ASSERT_EQ(found.size(), queries.size());
    for (std::size_t q = 0; q < queries.size(); ++q) {
      std::vector<Scored> expected = nearest(whole, queries[q].vector, queries[q].k, 1);
      ASSERT_EQ(found[q].size(), expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(found[q][i].id, expected[i].id);
        EXPECT_EQ(found[q][i].score, expected[i].score);
      }
    }
  }
}

TEST(NearestOfMany, ReturnsNothingForEmptyInput) {
  VectorMatrix matrix = random_matrix(3, 8);
  std::vector<const VectorMatrix*> matrices{&matrix};
  EXPECT_TRUE(nearest_of_many(matrices, {}, 2).empty());
  std::vector<NearestQuery> queries{{std::span(matrix.values).first(8), 5}};
  EXPECT_TRUE(nearest_of_many({}, queries, 2).at(0).empty());
  EXPECT_EQ(nearest_of_many(matrices, queries, 2).at(0).size(), 3U);
}

}  // namespace
}  // namespace clipseek::search

#include "search/top_k.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

namespace clipseek::search {
namespace {

std::vector<std::int64_t> ids(const std::vector<Scored>& scored) {
  std::vector<std::int64_t> result;
  for (const Scored& one : scored) result.push_back(one.id);
  return result;
}

TEST(TopK, GivesTheBestFirst) {
  TopK best(2);
  best.add(1, 0.1F);
  best.add(2, 0.9F);
  best.add(3, -1.0F);
  best.add(4, 0.5F);
  EXPECT_EQ(ids(best.take()), (std::vector<std::int64_t>{2, 4}));
}

TEST(TopK, KeepsEverythingThatTiesWithTheLast) {
  TopK best(2);
  for (std::int64_t id : {9, 3, 7, 5}) best.add(id, 0.5F);
  best.add(1, 0.9F);
  best.add(2, 0.4F);
  EXPECT_EQ(ids(best.take()), (std::vector<std::int64_t>{1, 3, 5, 7, 9}));
}

TEST(TopK, TakesFewerThanK) {
  TopK best(5);
  best.add(1, -0.5F);
  EXPECT_EQ(best.take().size(), 1U);
  EXPECT_TRUE(TopK(5).take().empty());
}

TEST(TopK, TakesNothingForZeroAndAllForTheLargestK) {
  TopK none(0);
  TopK all(std::numeric_limits<std::size_t>::max());
  for (int id = 0; id < 1000; ++id) {
    none.add(id, 1.0F);
    all.add(id, 1.0F);
  }
  EXPECT_TRUE(none.take().empty());
  EXPECT_EQ(all.take().size(), 1000U);
}

TEST(TopK, IgnoresNan) {
  TopK best(3);
  best.add(1, std::numeric_limits<float>::quiet_NaN());
  best.add(2, 0.0F);
  EXPECT_EQ(ids(best.take()), std::vector<std::int64_t>{2});
}

// Scores of few distinct values make many ties; the reference is a full sort.
TEST(TopK, EqualsAFullSortInAnyOrderOfAdding) {
  std::mt19937 generator(7);
  std::vector<Scored> all;
  for (std::int64_t id = 0; id < 5000; ++id) all.push_back({id, static_cast<float>(generator() % 400) / 400.0F});
  std::vector<Scored> sorted = all;
  std::sort(sorted.begin(), sorted.end(),
            [](const Scored& a, const Scored& b) { return a.score != b.score ? a.score > b.score : a.id < b.id; });
  for (std::size_t k : {1, 10, 333, 4999, 6000}) {
    std::size_t end = std::min(k, sorted.size());
    while (end < sorted.size() && sorted[end].score == sorted[end - 1].score) ++end;
    std::vector<std::int64_t> expected = ids({sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(end)});
    for (int order = 0; order < 3; ++order) {
      std::shuffle(all.begin(), all.end(), generator);
      TopK first(k);
      TopK second(k);
      for (std::size_t i = 0; i < all.size(); ++i) (i % 3 == 0 ? first : second).add(all[i].id, all[i].score);
      first.merge(second);
      EXPECT_EQ(ids(first.take()), expected) << k;
    }
  }
}

}  // namespace
}  // namespace clipseek::search

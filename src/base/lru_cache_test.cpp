#include "base/lru_cache.h"

#include <gtest/gtest.h>

namespace clipseek::base {
namespace {

TEST(LruCache, EvictsTheLeastRecentlyUsedEntry) {
  LruCache<int> cache(3);
  cache.put("a", 1);
  cache.put("b", 2);
  cache.put("c", 3);
  EXPECT_EQ(cache.find("a"), 1);
  cache.put("d", 4);
  EXPECT_EQ(cache.find("b"), std::nullopt);
  EXPECT_EQ(cache.find("a"), 1);
  EXPECT_EQ(cache.find("c"), 3);
  EXPECT_EQ(cache.find("d"), 4);
}

TEST(LruCache, KeepsTheTotalWeightWithinTheCapacity) {
  LruCache<int> cache(100);
  cache.put("a", 1, 60);
  cache.put("b", 2, 40);
  EXPECT_EQ(cache.weight(), 100U);
  cache.put("a", 3, 50);  // replaces
  EXPECT_EQ(cache.weight(), 90U);
  cache.put("c", 4, 101);  // heavier than the capacity
  EXPECT_EQ(cache.find("c"), std::nullopt);
  EXPECT_EQ(cache.find("a"), 3);
  cache.put("d", 5, 100);
  EXPECT_EQ(cache.weight(), 100U);
  EXPECT_EQ(cache.find("a"), std::nullopt);
}

}  // namespace
}  // namespace clipseek::base

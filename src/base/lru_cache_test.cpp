#include "base/lru_cache.h"

#include <gtest/gtest.h>

namespace clipseek::base {
namespace {

TEST(LruCache, ForgetsWhatWasNotUsedForTheLongest) {
  LruCache<int> recent(3);
  recent.put("a", 1);
  recent.put("b", 2);
  recent.put("c", 3);
  EXPECT_EQ(recent.find("a"), 1);
  recent.put("d", 4);
  EXPECT_EQ(recent.find("b"), std::nullopt);
  EXPECT_EQ(recent.find("a"), 1);
  EXPECT_EQ(recent.find("c"), 3);
  EXPECT_EQ(recent.find("d"), 4);
}

TEST(LruCache, KeepsToItsWeight) {
  LruCache<int> recent(100);
  recent.put("a", 1, 60);
  recent.put("b", 2, 40);
  EXPECT_EQ(recent.weight(), 100U);
  recent.put("a", 3, 50);  // replaces
  EXPECT_EQ(recent.weight(), 90U);
  recent.put("c", 4, 101);  // too heavy to keep
  EXPECT_EQ(recent.find("c"), std::nullopt);
  EXPECT_EQ(recent.find("a"), 3);
  recent.put("d", 5, 100);
  EXPECT_EQ(recent.weight(), 100U);
  EXPECT_EQ(recent.find("a"), std::nullopt);
}

}  // namespace
}  // namespace clipseek::base

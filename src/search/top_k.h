// The best k of a stream of scores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace clipseek::search {

struct Scored {
  std::int64_t id = 0;
  float score = 0;
};

// Keeps the k highest scores and all entries whose score equals the k-th. The caller chooses among those (clipseek by
// path), so the result does not depend on the order of adding. Takes memory for about 2k entries, plus the ties. One
// thread at a time.
class TopK {
 public:
  explicit TopK(std::size_t k);

  // A NaN is ignored.
  void add(std::int64_t id, float score) {
    if (score >= floor_) insert({id, score});
  }
  void merge(const TopK& other);

  // Returns the entries, best first, and lower ids first among equals: all where fewer than k were added, and more than
  // k only where several share the k-th score. The object must not be used afterwards.
  std::vector<Scored> take();

 private:
  void insert(Scored scored);
  void prune();

  std::size_t k_;
  std::size_t limit_;  // number of entries that triggers the next pruning
  float floor_ = -std::numeric_limits<float>::infinity();
  std::vector<Scored> kept_;
};

}  // namespace clipseek::search

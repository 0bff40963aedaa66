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

// Keeps the k highest scores, and everything that ties with the k-th: who of those makes the cut is the caller's rule
// (clipseek's is by path), so nothing depends on the order of adding. Memory: about 2k entries, plus the ties. One
// thread at a time.
class TopK {
 public:
  explicit TopK(std::size_t k);

  // A NaN is ignored.
  void add(std::int64_t id, float score) {
    if (score >= floor_) insert({id, score});
  }
  void merge(const TopK& other);

  // Best first, lower id first among equals. All that were added if those are fewer than k; more than k only where the
  // k-th score is shared. Leaves the accumulator empty of use.
  std::vector<Scored> take();

 private:
  void insert(Scored scored);
  void prune();

  std::size_t k_;
  std::size_t limit_;  // entries at which the next pruning is due
  float floor_ = -std::numeric_limits<float>::infinity();
  std::vector<Scored> kept_;
};

}  // namespace clipseek::search

#include "search/top_k.h"

#include <algorithm>
#include <utility>

namespace clipseek::search {
namespace {

// Pruning takes time linear in the number of entries; with this much spare room it costs O(1) for each added entry.
std::size_t prune_limit(std::size_t kept) {
  constexpr std::size_t kSpare = 64;
  constexpr std::size_t kMax = std::numeric_limits<std::size_t>::max();
  return kept > (kMax - kSpare) / 2 ? kMax : 2 * kept + kSpare;
}

}  // namespace

TopK::TopK(std::size_t k) : k_(k), limit_(prune_limit(k)) {}

void TopK::insert(Scored scored) {
  if (k_ == 0) return;
  kept_.push_back(scored);
  if (kept_.size() >= limit_) prune();
}

void TopK::prune() {
  if (kept_.size() <= k_) return;
  auto kth = kept_.begin() + static_cast<std::ptrdiff_t>(k_ - 1);
  std::nth_element(kept_.begin(), kth, kept_.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
  floor_ = kth->score;
  std::erase_if(kept_, [this](const Scored& scored) { return scored.score < floor_; });
  limit_ = prune_limit(kept_.size());
}

void TopK::merge(const TopK& other) {
  for (const Scored& scored : other.kept_) add(scored.id, scored.score);
}

std::vector<Scored> TopK::take() {
  prune();
  std::sort(kept_.begin(), kept_.end(),
            [](const Scored& a, const Scored& b) { return a.score != b.score ? a.score > b.score : a.id < b.id; });
  return std::exchange(kept_, {});
}

}  // namespace clipseek::search

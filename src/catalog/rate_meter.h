// How fast an index run goes, and how long it will still take.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "clipseek/catalog.h"

namespace clipseek::catalog {

// How many a second, over the last ten seconds: follows a change of pace, but not every picture's own.
class RateMeter {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // Counts that only grow, at times that only grow; of those within a tenth of a second the first is kept.
  void add(Time now, std::size_t count);
  // 0 until two counts of different times are known.
  double per_second() const;

 private:
  std::deque<std::pair<Time, std::size_t>> samples_;
};

// Nothing until the scan is done and `rate` (pictures a second) is known.
std::optional<double> seconds_left(const IndexProgress& progress, double rate);

}  // namespace clipseek::catalog

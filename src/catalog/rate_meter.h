// The speed of an index run and the time that remains.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "clipseek/catalog.h"

namespace clipseek::catalog {

// Measures a rate over the last ten seconds, which averages over single pictures but follows changes of the speed.
class RateMeter {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // Adds a total count; neither it nor `now` may decrease. Of several counts within 0.1 s only the first is kept.
  void add(Time now, std::size_t count);
  // Returns 0 until there are two counts with different times.
  double per_second() const;

 private:
  std::deque<std::pair<Time, std::size_t>> samples_;
};

// Returns std::nullopt until the scan has ended and `rate` (pictures per second) is above 0.
std::optional<double> seconds_left(const IndexProgress& progress, double rate);

}  // namespace clipseek::catalog

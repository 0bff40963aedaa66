#include "catalog/rate_meter.h"

#include <algorithm>

namespace clipseek::catalog {

void RateMeter::add(Time now, std::size_t count) {
  static constexpr std::chrono::seconds kWindow{10};
  static constexpr std::chrono::milliseconds kStep{100};
  if (!samples_.empty() && now - samples_.back().first < kStep) return;
  samples_.emplace_back(now, count);
  while (samples_.size() > 2 && now - samples_[1].first >= kWindow) samples_.pop_front();
}

double RateMeter::per_second() const {
  if (samples_.size() < 2 || samples_.back().first == samples_.front().first) return 0;
  std::chrono::duration<double> time = samples_.back().first - samples_.front().first;
  return static_cast<double>(samples_.back().second - samples_.front().second) / time.count();
}

std::optional<double> seconds_left(const IndexProgress& progress, double rate) {
  if (progress.scanning || rate <= 0) return std::nullopt;
  return static_cast<double>(progress.to_encode - std::min(progress.encoded, progress.to_encode)) / rate;
}

}  // namespace clipseek::catalog

#include "nodes/shared/goal_meter.h"

#include <utility>

#include "nodes/shared/log_text.h"

namespace clipseek::nodes {

GoalMeter::Active::Active(GoalMeter& meter) : meter_(meter) {
  std::lock_guard lock(meter_.mutex_);
  ++meter_.status_.active;
  ++meter_.status_.received;
}

GoalMeter::Active::~Active() {
  std::lock_guard lock(meter_.mutex_);
  --meter_.status_.active;
}

void GoalMeter::add_item(const std::optional<Error>& error) {
  std::lock_guard lock(mutex_);
  ++status_.items;
  if (!error) return;
  ++status_.failed;
  status_.last_error = sanitized(error->what(), 400);
}

void GoalMeter::add_error(const Error& error) {
  std::lock_guard lock(mutex_);
  status_.last_error = sanitized(error.what(), 400);
}

GoalStatus GoalMeter::status(std::chrono::steady_clock::time_point now) {
  std::lock_guard lock(mutex_);
  const std::uint64_t items = status_.items - std::exchange(items_before_, status_.items);
  const auto before = std::exchange(before_, now);
  const double seconds = before ? std::chrono::duration<double>(now - *before).count() : 0;
  GoalStatus status = status_;
  status.items_hz = seconds > 0 ? static_cast<double>(items) / seconds : 0;
  return status;
}

}  // namespace clipseek::nodes

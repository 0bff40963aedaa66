#include "ros2/time_source.h"

#include "clipseek/error.h"
#include "ros2/clock.h"
#include "ros2/names.h"
#include "ros2/qos_overrides.h"

namespace clipseek::ros2 {

Time TimeSource::now() const {
  return simulated_ ? latest_.load() : ros2::now();
}

// Under the mutex, so that of two concurrent changes the parameter's last value counts. The clock's callback does not
// take the mutex: the subscription's destructor waits for it.
void TimeSource::update() {
  std::lock_guard lock(mutex_);
  const bool simulated = parameters_.get<bool>("use_sim_time");
  if (!simulated) {
    simulated_ = false;
    clock_.reset();
  } else if (!clock_) {
    const std::string topic = remap_topic(core_->arguments(), core_->identity(), "/clock");
    const Qos qos = overridden_qos(parameters_, topic, TopicEnd::kSubscription, Qos::clock());
    clock_.emplace(core_, dds_topic(topic), qos, kLatestOnly, [this](const Clock& clock) { take(clock); });
    simulated_ = true;
  }
}

void TimeSource::take(const Clock& clock) {
  constexpr std::uint32_t kSecond = 1'000'000'000;
  if (clock.clock.sec < 0 || clock.clock.nanosec >= kSecond) {
    throw Error(ErrorCode::kCorrupt, "the time is negative or has more than 999999999 nanoseconds");
  }
  latest_ = clock.clock;
}

}  // namespace clipseek::ros2

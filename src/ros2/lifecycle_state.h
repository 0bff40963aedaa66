// The states and transitions of a managed node, with the ids, labels and order of rcl_lifecycle. The design is that of
// design.ros2.org, "Managed nodes".
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace clipseek::ros2 {

// The values are those of lifecycle_msgs/msg/State. A node stays in one of the four primary states; it is in a
// transition state (10 to 15) while the callback of a transition runs.
enum class LifecycleState : std::uint8_t {
  kUnknown = 0,
  kUnconfigured = 1,
  kInactive = 2,
  kActive = 3,
  kFinalized = 4,
  kConfiguring = 10,
  kCleaningUp = 11,
  kShuttingDown = 12,
  kActivating = 13,
  kDeactivating = 14,
  kErrorProcessing = 15,
};

// How the callback of a transition ended; kError: it threw.
enum class LifecycleResult { kSuccess, kFailure, kError };

// `id` is a value of lifecycle_msgs/msg/Transition.
struct LifecycleTransition {
  std::uint8_t id;
  std::string_view label;
  LifecycleState start;
  LifecycleState goal;
};

std::string_view label_of(LifecycleState state);
std::span<const LifecycleState> lifecycle_states();
std::span<const LifecycleTransition> lifecycle_transitions();
std::vector<LifecycleTransition> transitions_from(LifecycleState state);

// Not thread-safe.
class LifecycleMachine {
 public:
  LifecycleState state() const { return state_; }

  // Enters the transition state of a requested transition; the request names it by its label or, if `label` is empty,
  // by its id. Returns a null pointer, and changes nothing, if the state is not a primary one or has no such
  // transition.
  const LifecycleTransition* start(std::uint8_t id, std::string_view label);
  // Leaves the transition state as its callback ended. An error leads to kErrorProcessing, whose callback ends with
  // another call; from there success leads to kUnconfigured, everything else to kFinalized. Returns a null pointer if
  // the state is a primary one.
  const LifecycleTransition* finish(LifecycleResult result);

 private:
  const LifecycleTransition* enter(const LifecycleTransition* transition);

  LifecycleState state_ = LifecycleState::kUnconfigured;
};

}  // namespace clipseek::ros2

#include "ros2/lifecycle_state.h"

#include <algorithm>
#include <array>

namespace clipseek::ros2 {
namespace {

using State = LifecycleState;

constexpr std::array kStates = {State::kUnknown,    State::kUnconfigured, State::kInactive,       State::kActive,
                                State::kFinalized,  State::kConfiguring,  State::kCleaningUp,     State::kShuttingDown,
                                State::kActivating, State::kDeactivating, State::kErrorProcessing};

constexpr std::string_view kSuccess = "transition_success";
constexpr std::string_view kFailure = "transition_failure";
constexpr std::string_view kError = "transition_error";

constexpr std::array<LifecycleTransition, 25> kTransitions = {{
    {1, "configure", State::kUnconfigured, State::kConfiguring},
    {10, kSuccess, State::kConfiguring, State::kInactive},
    {11, kFailure, State::kConfiguring, State::kUnconfigured},
    {12, kError, State::kConfiguring, State::kErrorProcessing},
    {2, "cleanup", State::kInactive, State::kCleaningUp},
    {20, kSuccess, State::kCleaningUp, State::kUnconfigured},
    {21, kFailure, State::kCleaningUp, State::kInactive},
    {22, kError, State::kCleaningUp, State::kErrorProcessing},
    {3, "activate", State::kInactive, State::kActivating},
    {30, kSuccess, State::kActivating, State::kActive},
    {31, kFailure, State::kActivating, State::kInactive},
    {32, kError, State::kActivating, State::kErrorProcessing},
    {4, "deactivate", State::kActive, State::kDeactivating},
    {40, kSuccess, State::kDeactivating, State::kInactive},
    {41, kFailure, State::kDeactivating, State::kActive},
    {42, kError, State::kDeactivating, State::kErrorProcessing},
    {5, "shutdown", State::kUnconfigured, State::kShuttingDown},
    {6, "shutdown", State::kInactive, State::kShuttingDown},
    {7, "shutdown", State::kActive, State::kShuttingDown},
    {50, kSuccess, State::kShuttingDown, State::kFinalized},
    {51, kFailure, State::kShuttingDown, State::kFinalized},
    {52, kError, State::kShuttingDown, State::kErrorProcessing},
    {60, kSuccess, State::kErrorProcessing, State::kUnconfigured},
    {61, kFailure, State::kErrorProcessing, State::kFinalized},
    {62, kError, State::kErrorProcessing, State::kFinalized},
}};

bool is_primary(State state) {
  return state <= State::kFinalized;
}

std::string_view label_of(LifecycleResult result) {
  if (result == LifecycleResult::kSuccess) return kSuccess;
  return result == LifecycleResult::kFailure ? kFailure : kError;
}

template <typename Matches>
const LifecycleTransition* find(State from, Matches matches) {
  const auto* found = std::find_if(
      kTransitions.begin(), kTransitions.end(),
      [&](const LifecycleTransition& transition) { return transition.start == from && matches(transition); });
  return found == kTransitions.end() ? nullptr : found;
}

}  // namespace

std::string_view label_of(LifecycleState state) {
  switch (state) {
    case State::kUnknown:
      return "unknown";
    case State::kUnconfigured:
      return "unconfigured";
    case State::kInactive:
      return "inactive";
    case State::kActive:
      return "active";
    case State::kFinalized:
      return "finalized";
    case State::kConfiguring:
      return "configuring";
    case State::kCleaningUp:
      return "cleaningup";
    case State::kShuttingDown:
      return "shuttingdown";
    case State::kActivating:
      return "activating";
    case State::kDeactivating:
      return "deactivating";
    case State::kErrorProcessing:
      return "errorprocessing";
  }
  return "unknown";
}

std::span<const LifecycleState> lifecycle_states() {
  return kStates;
}

std::span<const LifecycleTransition> lifecycle_transitions() {
  return kTransitions;
}

std::vector<LifecycleTransition> transitions_from(LifecycleState state) {
  std::vector<LifecycleTransition> transitions;
  std::copy_if(kTransitions.begin(), kTransitions.end(), std::back_inserter(transitions),
               [&](const LifecycleTransition& transition) { return transition.start == state; });
  return transitions;
}

const LifecycleTransition* LifecycleMachine::start(std::uint8_t id, std::string_view label) {
  if (!is_primary(state_)) return nullptr;
  return enter(find(state_, [&](const LifecycleTransition& transition) {
    return label.empty() ? transition.id == id : transition.label == label;
  }));
}

const LifecycleTransition* LifecycleMachine::finish(LifecycleResult result) {
  if (is_primary(state_)) return nullptr;
  return enter(
      find(state_, [&](const LifecycleTransition& transition) { return transition.label == label_of(result); }));
}

const LifecycleTransition* LifecycleMachine::enter(const LifecycleTransition* transition) {
  if (transition != nullptr) state_ = transition->goal;
  return transition;
}

}  // namespace clipseek::ros2

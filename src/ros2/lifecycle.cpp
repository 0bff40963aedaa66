#include "ros2/lifecycle.h"

#include <algorithm>

#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

LifecycleStateMessage to_message(LifecycleState state) {
  return {static_cast<std::uint8_t>(state), std::string(label_of(state))};
}

LifecycleTransitionMessage named(const LifecycleTransition& transition) {
  return {transition.id, std::string(transition.label)};
}

GetAvailableTransitions::Response to_message(std::span<const LifecycleTransition> transitions) {
  GetAvailableTransitions::Response response;
  for (const LifecycleTransition& transition : transitions) {
    response.available_transitions.push_back(
        {named(transition), to_message(transition.start), to_message(transition.goal)});
  }
  return response;
}

GetAvailableStates::Response all_states() {
  GetAvailableStates::Response response;
  for (LifecycleState state : lifecycle_states()) response.available_states.push_back(to_message(state));
  return response;
}

std::uint64_t nanoseconds(const Time& time) {
  return static_cast<std::uint64_t>(time.sec) * 1'000'000'000 + time.nanosec;
}

const LifecycleCallbacks::Callback& callback_of(const LifecycleCallbacks& callbacks, LifecycleState during) {
  switch (during) {
    case LifecycleState::kConfiguring:
      return callbacks.on_configure;
    case LifecycleState::kActivating:
      return callbacks.on_activate;
    case LifecycleState::kDeactivating:
      return callbacks.on_deactivate;
    case LifecycleState::kCleaningUp:
      return callbacks.on_cleanup;
    case LifecycleState::kShuttingDown:
      return callbacks.on_shutdown;
    default:
      return callbacks.on_error;
  }
}

}  // namespace

Lifecycle::Lifecycle(Node& node, LifecycleCallbacks callbacks)
    : node_(node),
      callbacks_(std::move(callbacks)),
      events_(node.create_publisher<TransitionEvent>("~/transition_event")) {
  create_services();
}

void Lifecycle::create_services() {
  get_state_ = node_.create_service<GetState>(
      "~/get_state", [this](const GetState::Request&) { return GetState::Response{to_message(state())}; });
  get_states_ = node_.create_service<GetAvailableStates>(
      "~/get_available_states", [](const GetAvailableStates::Request&) { return all_states(); });
  get_transitions_ = node_.create_service<GetAvailableTransitions>(
      "~/get_available_transitions",
      [this](const GetAvailableTransitions::Request&) { return to_message(transitions_from(state())); });
  get_graph_ = node_.create_service<GetAvailableTransitions>(
      "~/get_transition_graph",
      [](const GetAvailableTransitions::Request&) { return to_message(lifecycle_transitions()); });
  change_state_ = node_.create_service<ChangeState>("~/change_state", [this](const ChangeState::Request& request) {
    return ChangeState::Response{change(request.transition.id, request.transition.label, nullptr)};
  });
}

LifecycleState Lifecycle::state() const {
  std::lock_guard lock(mutex_);
  return machine_.state();
}

bool Lifecycle::trigger_or_throw(std::string_view label) {
  std::exception_ptr thrown;
  const bool succeeded = change(0, label, &thrown);
  if (thrown) std::rethrow_exception(thrown);
  return succeeded;
}

bool Lifecycle::change(std::uint8_t id, std::string_view label, std::exception_ptr* thrown) {
  const LifecycleTransition* transition = nullptr;
  LifecycleState from;
  {
    std::lock_guard lock(mutex_);
    from = machine_.state();
    transition = machine_.start(id, label);
    if (transition != nullptr) publish(*transition);
  }
  if (transition == nullptr) {
    const std::string wanted = label.empty() ? std::to_string(id) : "'" + std::string(label) + "'";
    node_.logger().error("state " + std::string(label_of(from)) + " has no transition " + wanted);
    return false;
  }
  const LifecycleResult result = run(transition->goal, from, thrown);
  finish(result);
  if (result == LifecycleResult::kError) finish(run(LifecycleState::kErrorProcessing, from, nullptr));
  return result == LifecycleResult::kSuccess;
}

void Lifecycle::finish(LifecycleResult result) {
  std::lock_guard lock(mutex_);
  const LifecycleTransition* transition = machine_.finish(result);
  if (transition != nullptr) publish(*transition);
}

LifecycleResult Lifecycle::run(LifecycleState during, LifecycleState from, std::exception_ptr* thrown) const {
  const LifecycleCallbacks::Callback& callback = callback_of(callbacks_, during);
  try {
    return !callback || callback(from) ? LifecycleResult::kSuccess : LifecycleResult::kFailure;
  } catch (const std::exception& error) {
    if (thrown != nullptr) {
      *thrown = std::current_exception();
    } else {
      node_.logger().error("state " + std::string(label_of(during)) + ": " + error.what());
    }
    return LifecycleResult::kError;
  }
}

void Lifecycle::publish(const LifecycleTransition& transition) {
  try {
    events_.publish(
        {nanoseconds(node_.now()), named(transition), to_message(transition.start), to_message(transition.goal)});
  } catch (const Error& error) {
    node_.logger().warn(std::string("transition event: ") + error.what());
  }
}

}  // namespace clipseek::ros2

// A managed node: other programs, such as `ros2 lifecycle` or a supervisor, configure it, start it and stop it.
//
//   Lifecycle lifecycle(node, {.on_configure = [&](LifecycleState) { return load(); },
//                              .on_activate = [&](LifecycleState) { return start(); },
//                              .on_deactivate = [&](LifecycleState) { return stop(); }});
//   lifecycle.trigger("configure");  // what a node does that starts by itself
//   lifecycle.trigger("activate");
#pragma once

#include <exception>
#include <functional>
#include <mutex>
#include <string_view>

#include "ros2/lifecycle_state.h"
#include "ros2/msg/lifecycle_msgs.h"
#include "ros2/node.h"

namespace clipseek::ros2 {

// Each callback gets the state in which the transition was requested, and returns whether it succeeded; after a failure
// the node is in that state again (after a shutdown in kFinalized). If it throws, on_error runs: if that succeeds, the
// node is unconfigured, else finalized. The exception is logged, or thrown by trigger_or_throw(). An empty callback
// succeeds.
struct LifecycleCallbacks {
  using Callback = std::function<bool(LifecycleState from)>;

  Callback on_configure{};
  Callback on_activate{};
  Callback on_deactivate{};
  Callback on_cleanup{};
  Callback on_shutdown{};  // from kActive too, without on_deactivate before it
  Callback on_error{};
};

// Gives a node the services and the topic of a managed node: ~/change_state, ~/get_state, ~/get_available_states,
// ~/get_available_transitions, ~/get_transition_graph and ~/transition_event. Thread-safe. A callback runs on the
// thread of trigger() or, for a request of another program, on a thread of the node. While it runs, trigger() returns
// false at once, and further requests of other programs wait.
class Lifecycle {
 public:
  // `node` must outlive this object. The destructor waits for a running callback of a request.
  Lifecycle(Node& node, LifecycleCallbacks callbacks);

  LifecycleState state() const;
  // Runs the transition that has this label, such as "configure", and returns whether its callback succeeded; false
  // also if the state has no such transition.
  bool trigger(std::string_view label) { return change(0, label, nullptr); }
  // As trigger(), but an exception of the callback is thrown, after on_error has run, instead of logged.
  bool trigger_or_throw(std::string_view label);

 private:
  // An exception of the transition's callback is stored in `thrown`; it is logged if `thrown` is a null pointer.
  bool change(std::uint8_t id, std::string_view label, std::exception_ptr* thrown);
  void finish(LifecycleResult result);
  LifecycleResult run(LifecycleState during, LifecycleState from, std::exception_ptr* thrown) const;
  void publish(const LifecycleTransition& transition);
  void create_services();

  Node& node_;
  LifecycleCallbacks callbacks_;
  Publisher<TransitionEvent> events_;
  mutable std::mutex mutex_;  // held while an event is written, so that events are sent in order
  LifecycleMachine machine_;
  // The last members, because their callbacks use the others.
  ServiceServer<ChangeState> change_state_;
  ServiceServer<GetState> get_state_;
  ServiceServer<GetAvailableStates> get_states_;
  ServiceServer<GetAvailableTransitions> get_transitions_;
  ServiceServer<GetAvailableTransitions> get_graph_;
};

}  // namespace clipseek::ros2

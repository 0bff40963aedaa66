// The server of an action: accepts and executes the goals that clients send.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ros2/action_server_core.h"

namespace clipseek::ros2 {

// A goal that is being executed, passed to ActionCallbacks::execute. Copies refer to the same goal. Any thread may use
// a handle while the server exists.
template <Action A>
class GoalHandle {
 public:
  using Goal = typename A::Goal;
  using Result = typename A::Result;
  using Feedback = typename A::Feedback;

  GoalHandle(ActionServerCore& core, std::shared_ptr<ServerGoal> goal) : core_(&core), goal_(std::move(goal)) {}

  // Valid until ActionCallbacks::execute returns.
  const Goal& goal() const { return *static_cast<const Goal*>(goal_->goal.get()); }
  const UUID& id() const { return goal_->info.goal_id; }

  // Returns whether a client has requested cancellation of this goal.
  bool cancel_requested() const { return core_->cancel_requested(*goal_); }
  // A stop is requested when a client requests cancellation and when the server is destroyed; `execute` should then
  // return soon.
  std::stop_token stop_token() const { return goal_->stop.get_token(); }

  void publish_feedback(const Feedback& feedback) {
    core_->publish_feedback(serialize(FeedbackMessage<A>{id(), feedback}));
  }

  // Each of these ends the goal, as SUCCEEDED, ABORTED or CANCELED; only the first call has an effect. A goal is
  // aborted when `execute` returns or throws without such a call, and when canceled() is called without a cancel
  // request.
  void succeed(const Result& result) { finish(GoalStatus::kSucceeded, result); }
  void fail(const Result& result) { finish(GoalStatus::kAborted, result); }
  void canceled(const Result& result) { finish(GoalStatus::kCanceled, result); }

 private:
  void finish(GoalStatus status, const Result& result) {
    core_->finish(goal_, status, [&result](GoalStatus end) {
      return serialize(GetResultResponse<A>{static_cast<std::int8_t>(end), result});
    });
  }

  ActionServerCore* core_;
  std::shared_ptr<ServerGoal> goal_;
};

// An exception of a callback is logged.
template <Action A>
struct ActionCallbacks {
  // Returns whether to accept a goal; an exception rejects it. Runs on the node's threads and must return quickly.
  // Empty: accept every goal.
  std::function<bool(const typename A::Goal&)> accept{};
  // Returns whether a goal may be cancelled; an exception rejects the cancel request. Runs on the node's threads and
  // must return quickly. Empty: every goal may be.
  std::function<bool(const typename A::Goal&)> accept_cancel{};
  // Executes a goal on a thread of the server. At most ActionServerOptions::max_running goals execute at the same time.
  std::function<void(GoalHandle<A>)> execute{};
  // The result of a goal for which `execute` set none: the goal was cancelled or the server stopped before execution
  // began (`stopped` is true), or `execute` threw. Empty, or after an exception: a default-constructed result.
  std::function<typename A::Result(bool stopped)> default_result{};
};

// Copies share one server, which lives as long as its last copy. The destructor requests that running goals stop and
// waits for them: do not destroy the server from one of its callbacks.
template <Action A>
class ActionServer {
 public:
  ActionServer() = default;
  ActionServer(const std::shared_ptr<NodeCore>& core, const ActionNames& names, ActionCallbacks<A> callbacks,
               const ActionServerOptions& options)
      : state_(std::make_shared<State>(core, names, std::move(callbacks), options)) {}

 private:
  struct State {
    State(const std::shared_ptr<NodeCore>& node, const ActionNames& names, ActionCallbacks<A> functions,
          const ActionServerOptions& options)
        : callbacks(std::move(functions)), core(node, names, action_types<A>(), hooks(), options) {}

    ActionServerCore::Hooks hooks() {
      using Goal = typename A::Goal;
      auto ask = [](const std::function<bool(const Goal&)>& function, const void* goal) {
        return !function || function(*static_cast<const Goal*>(goal));
      };
      return {
          .decode =
              [](const Bytes& bytes) {
                auto request = std::make_shared<SendGoalRequest<A>>(deserialize<SendGoalRequest<A>>(bytes));
                return std::pair(request->goal_id, std::shared_ptr<const void>(request, &request->goal));
              },
          .accept = [this, ask](const void* goal) { return ask(callbacks.accept, goal); },
          .accept_cancel = [this, ask](const void* goal) { return ask(callbacks.accept_cancel, goal); },
          .execute = [this](const std::shared_ptr<ServerGoal>& goal) { callbacks.execute(GoalHandle<A>(core, goal)); },
          .default_result =
              [this](GoalStatus status, bool stopped) {
                GetResultResponse<A> response{static_cast<std::int8_t>(status), {}};
                if (callbacks.default_result) response.result = callbacks.default_result(stopped);
                return serialize(response);
              },
          .empty_result =
              [](GoalStatus status) {
                return serialize(GetResultResponse<A>{static_cast<std::int8_t>(status), {}});
              }};
    }

    ActionCallbacks<A> callbacks;
    ActionServerCore core;
  };
  std::shared_ptr<State> state_;
};

}  // namespace clipseek::ros2

// Working off goals that clients send.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ros2/action_server_core.h"

namespace clipseek::ros2 {

// A goal in work, handed to the function that executes it. Copies are the same goal; any thread may use one, as long as
// the server lives.
template <Action A>
class GoalHandle {
 public:
  using Goal = typename A::Goal;
  using Result = typename A::Result;
  using Feedback = typename A::Feedback;

  GoalHandle(ActionServerCore& core, std::shared_ptr<ServerGoal> goal) : core_(&core), goal_(std::move(goal)) {}

  // Until the function that executes it returns.
  const Goal& goal() const { return *static_cast<const Goal*>(goal_->goal.get()); }
  const UUID& id() const { return goal_->info.goal_id; }

  // Whether a client wants this goal cancelled.
  bool cancel_requested() const { return core_->cancel_requested(*goal_); }
  // Stops when a client wants the goal cancelled and when the server ends; work should then end soon.
  std::stop_token stop_token() const { return goal_->stop.get_token(); }

  void publish_feedback(const Feedback& feedback) {
    core_->publish_feedback(serialize(FeedbackMessage<A>{id(), feedback}));
  }

  // One of these ends the goal, as SUCCEEDED, ABORTED or CANCELED; the first counts. A goal whose function returns or
  // throws without one is aborted, and so is one that ends as canceled though nobody asked.
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

template <Action A>
struct ActionCallbacks {
  // Whether to take a goal; called on the node's threads, quickly. Empty: every goal.
  std::function<bool(const typename A::Goal&)> accept;
  // Whether a goal may be cancelled. Empty: always.
  std::function<bool(const typename A::Goal&)> accept_cancel;
  // Does the work, on threads of the server: as many goals at a time as ActionServerOptions::max_running.
  std::function<void(GoalHandle<A>)> execute;
  // The result of a goal that ended without a word of `execute`, because it was cancelled or the server stopped before
  // it began (`stopped`), or because `execute` threw. Empty: a default one.
  std::function<typename A::Result(bool stopped)> default_result;
};

// Lives as long as its last copy. The destructor asks running goals to stop and waits for them: do not destroy it from
// one of its callbacks.
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
          .unsaid_result =
              [this](GoalStatus status, bool stopped) {
                GetResultResponse<A> response{static_cast<std::int8_t>(status), {}};
                if (callbacks.default_result && status != GoalStatus::kUnknown)
                  response.result = callbacks.default_result(stopped);
                return serialize(response);
              }};
    }

    ActionCallbacks<A> callbacks;
    ActionServerCore core;
  };
  std::shared_ptr<State> state_;
};

}  // namespace clipseek::ros2

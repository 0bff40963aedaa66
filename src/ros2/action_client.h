// The client of an action: sends goals to the action's server.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "ros2/action_client_core.h"

namespace clipseek::ros2 {

template <Action A>
struct GoalOutcome {
  GoalEnd end;
  typename A::Result result;  // default for kRejected and kLost
  std::string reason;         // why the end is kRejected or kLost; else empty
};

// The handle of a goal that was sent. Movable. When the handle is destroyed, the server continues to execute the goal,
// but its feedback is no longer delivered.
template <Action A>
class ClientGoal {
 public:
  ClientGoal(std::shared_ptr<ActionClientCore> core, std::shared_ptr<SentGoal> goal)
      : core_(std::move(core)), goal_(std::move(goal)) {}
  ~ClientGoal() {
    if (core_) core_->forget(goal_);
  }
  ClientGoal(ClientGoal&&) noexcept = default;
  ClientGoal& operator=(ClientGoal&& other) noexcept {
    std::swap(core_, other.core_);
    std::swap(goal_, other.goal_);
    return *this;
  }

  const UUID& id() const { return goal_->id; }

  // Waits for the goal's end; returns std::nullopt when `timeout` expires first. Feedback uses a topic of its own, so
  // some of it may arrive after the result.
  std::optional<GoalOutcome<A>> wait(std::chrono::milliseconds timeout) const {
    std::unique_lock lock(goal_->mutex);
    if (!goal_->changed.wait_for(lock, timeout, [this] { return goal_->end.has_value(); })) return std::nullopt;
    GoalOutcome<A> outcome{*goal_->end, {}, goal_->reason};
    if (goal_->result.empty()) return outcome;
    try {
      outcome.result = deserialize<GetResultResponse<A>>(goal_->result).result;
    } catch (const Error& error) {
      outcome = {GoalEnd::kLost, {}, error.what()};
    }
    return outcome;
  }

  // Waits up to `timeout` for the server's reply and returns whether the server accepted the goal. Also returns false
  // when the goal ended without a reply.
  bool wait_accepted(std::chrono::milliseconds timeout) const {
    std::unique_lock lock(goal_->mutex);
    goal_->changed.wait_for(lock, timeout, [this] { return goal_->accepted || goal_->end.has_value(); });
    return goal_->accepted;
  }

  // Requests cancellation. GoalEnd::kCanceled shows that the request arrived in time.
  void cancel() { core_->cancel(goal_); }

 private:
  std::shared_ptr<ActionClientCore> core_;
  std::shared_ptr<SentGoal> goal_;
};

template <Action A>
class ActionClient {
 public:
  using OnFeedback = std::function<void(const typename A::Feedback&)>;

  ActionClient() = default;
  ActionClient(const std::shared_ptr<NodeCore>& core, const ActionNames& names)
      : core_(std::make_shared<ActionClientCore>(core, names, action_types<A>())) {}

  bool ready() const { return core_->ready(); }
  bool wait_for_server(std::chrono::milliseconds timeout, const std::stop_token& stop = {}) const {
    return wait_until([this] { return ready(); }, timeout, stop);
  }

  // `on_feedback` runs on the node's threads, for one message at a time.
  ClientGoal<A> send_goal(const typename A::Goal& goal, OnFeedback on_feedback = nullptr) {
    auto sent = std::make_shared<SentGoal>();
    sent->id.uuid = random_id();
    if (on_feedback) {
      sent->on_feedback =
          std::make_shared<const SentGoal::OnFeedback>([on_feedback = std::move(on_feedback)](const Bytes& bytes) {
            on_feedback(deserialize<FeedbackMessage<A>>(bytes).feedback);
          });
    }
    core_->send(sent, serialize(SendGoalRequest<A>{sent->id, goal}));
    return ClientGoal<A>(core_, sent);
  }

 private:
  std::shared_ptr<ActionClientCore> core_;
};

}  // namespace clipseek::ros2

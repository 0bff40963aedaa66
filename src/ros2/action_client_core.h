// The untyped client of an action: messages are serialized bytes. action_client.h adds the types.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "ros2/action_types.h"
#include "ros2/client.h"

namespace clipseek::ros2 {

// How a goal ended, from the client's side.
enum class GoalEnd {
  kSucceeded,
  kAborted,
  kCanceled,
  kRejected,  // the server did not accept the goal
  kLost,      // the server disappeared, no longer knows the goal, or never answered
};

// One goal that was sent, shared by the core and the handle.
struct SentGoal {
  using OnFeedback = std::function<void(const Bytes&)>;

  UUID id;
  std::mutex mutex;
  std::condition_variable changed;
  bool accepted = false;
  std::array<std::uint8_t, 12> server{};  // the server's participant; set when the goal is accepted
  std::optional<GoalEnd> end;
  std::string reason;  // why the end is kRejected or kLost
  Bytes result;        // the GetResult response; empty for kRejected and kLost

  // Guards `on_feedback` and is held while the callback runs; recursive, because the callback may destroy the handle.
  std::recursive_mutex feedback_mutex;
  std::shared_ptr<const OnFeedback> on_feedback;
};

class ActionClientCore : public std::enable_shared_from_this<ActionClientCore> {
 public:
  ActionClientCore(const std::shared_ptr<NodeCore>& core, const ActionNames& names, const ActionTypes& types);
  ~ActionClientCore();

  // Returns whether at least one server has its feedback writer and all three services matched with this client.
  bool ready() const;

  // `request` is the serialized SendGoal request. Never throws: a goal that cannot be sent ends as kLost.
  void send(const std::shared_ptr<SentGoal>& goal, const Bytes& request);
  // Asks the server to cancel the goal.
  void cancel(const std::shared_ptr<SentGoal>& goal);
  // Stops the delivery of feedback: no callback begins after it returns.
  void forget(const std::shared_ptr<SentGoal>& goal);

 private:
  void take_accept_reply(const std::shared_ptr<SentGoal>& goal, const Received* reply);
  void take_result(const std::shared_ptr<SentGoal>& goal, const Received* reply);
  void take_feedback(const Received& message);
  void servers_changed();
  static void end_goal(SentGoal& goal, GoalEnd end, const std::string& reason, Bytes result = {});

  std::string name_;
  std::mutex mutex_;
  std::map<UUID, std::shared_ptr<SentGoal>> goals_;
  std::unique_ptr<ClientCore> send_goal_;
  std::unique_ptr<ClientCore> cancel_;
  std::unique_ptr<ClientCore> get_result_;
  std::unique_ptr<NodeReader> feedback_;
  std::unique_ptr<NodeReader> status_;
};

}  // namespace clipseek::ros2

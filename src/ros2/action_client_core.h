// The client of an action, in bytes. action_client.h puts types on it.
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
  kRejected,  // the server did not take it
  kLost,      // the server has gone, forgot the goal, or never answered
};

// One goal that was sent. The core and the handle share it.
struct SentGoal {
  using OnFeedback = std::function<void(const Bytes&)>;

  UUID id;
  std::mutex mutex;
  std::condition_variable changed;
  bool accepted = false;
  std::array<std::uint8_t, 12> server{};  // its participant, once accepted
  std::optional<GoalEnd> end;
  std::string reason;  // of kRejected and kLost
  Bytes result;        // the GetResult response of the other ends

  // Guards `on_feedback`, and is held while it runs.
  std::recursive_mutex feedback_mutex;
  std::shared_ptr<const OnFeedback> on_feedback;
};

class ActionClientCore : public std::enable_shared_from_this<ActionClientCore> {
 public:
  ActionClientCore(const std::shared_ptr<NodeCore>& core, const ActionNames& names, const ActionTypes& types);
  ~ActionClientCore();

  // Whether some server has all that the action needs matched with ours.
  bool ready() const;

  // `request` is the SendGoal request of the goal's id. Never throws: a goal that cannot be sent ends as kLost.
  void send(const std::shared_ptr<SentGoal>& goal, const Bytes& request);
  // Asks the server to cancel; the goal's end tells whether it did.
  void cancel(const std::shared_ptr<SentGoal>& goal);
  // No feedback is delivered after it.
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

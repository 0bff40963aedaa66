// The server of an action, in bytes: goals, their states, and the answers to clients. action_server.h puts types on it.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "ros2/action_types.h"
#include "ros2/goal_state.h"
#include "ros2/service.h"

namespace clipseek::ros2 {

struct ActionServerOptions {
  int max_running = 4;             // goals that execute at a time; further ones wait in state ACCEPTED
  std::size_t max_active = 1000;   // goals accepted and not finished; further ones are rejected
  std::size_t max_finished = 500;  // results that are kept, the newest ones
  std::chrono::minutes result_lifetime{15};
};

// One goal. Its fields belong to the core, which guards them; `info` never changes.
struct ServerGoal {
  GoalInfo info;
  std::shared_ptr<const void> goal;  // what was asked for, until the work has ended: it may be large
  GoalStatus status = GoalStatus::kAccepted;
  bool waits_for_reply = true;     // the client is not ours: work must not begin before it has the reply
  Bytes result;                    // the whole GetResult response, once finished
  std::vector<RequestId> waiting;  // who asked for the result before it was there
  bool result_asked = false;
  std::chrono::steady_clock::time_point finished;
  std::stop_source stop;
};

class ActionServerCore {
 public:
  struct Hooks {
    // A SendGoal request in its parts; throws Error kCorrupt.
    std::function<std::pair<UUID, std::shared_ptr<const void>>(const Bytes&)> decode;
    std::function<bool(const void* goal)> accept;
    std::function<bool(const void* goal)> accept_cancel;
    std::function<void(const std::shared_ptr<ServerGoal>&)> execute;
    // The GetResult response of a goal that ended without a word of `execute`; `stopped`: on request.
    std::function<Bytes(GoalStatus, bool stopped)> unsaid_result;
  };

  ActionServerCore(const std::shared_ptr<NodeCore>& core, const ActionNames& names, const ActionTypes& types,
                   Hooks hooks, const ActionServerOptions& options);
  // Asks running goals to stop, waits for them, and ends every goal.
  ~ActionServerCore();
  ActionServerCore(const ActionServerCore&) = delete;
  ActionServerCore& operator=(const ActionServerCore&) = delete;

  void publish_feedback(const Bytes& message);
  bool cancel_requested(const ServerGoal& goal) const;
  // Ends a goal: `result` makes the GetResult response of the status that it ends in. CANCELED where no cancel was
  // asked for becomes ABORTED. Nothing happens to a goal that has ended.
  void finish(const std::shared_ptr<ServerGoal>& goal, GoalStatus wanted,
              const std::function<Bytes(GoalStatus)>& result);

 private:
  void take_goal(ServiceCore& service, const Received& request);
  void take_cancel(ServiceCore& service, const Received& request);
  void take_get_result(ServiceCore& service, const Received& request);
  bool is_wanted(const void* goal);
  std::shared_ptr<ServerGoal> add_goal(const UUID& id, std::shared_ptr<const void> goal);
  void run(ServiceCore& send_goal, const std::shared_ptr<ServerGoal>& goal);
  bool begin(ServerGoal& goal);
  void finish_unsaid(const std::shared_ptr<ServerGoal>& goal, GoalStatus wanted);
  std::vector<std::shared_ptr<ServerGoal>> cancel_goals(const CancelChoice& choice);
  std::vector<KnownGoal> known_goals() const;
  void forget_old_goals();  // with mutex_ held
  void publish_status();
  bool has_other_clients() const;
  bool result_asked(const ServerGoal& goal) const;
  void let_last_feedback_pass();

  std::shared_ptr<NodeCore> core_;
  Hooks hooks_;
  ActionServerOptions options_;
  mutable std::mutex mutex_;
  std::map<UUID, std::shared_ptr<ServerGoal>> goals_;
  bool stopping_ = false;
  std::mutex status_mutex_;  // status arrays leave in the order of the states they show
  std::mutex feedback_mutex_;
  std::chrono::steady_clock::time_point last_feedback_;
  NodeWriter feedback_;
  NodeWriter status_;
  std::unique_ptr<base::WorkerPool> runners_;
  std::unique_ptr<ServiceCore> send_goal_;
  std::unique_ptr<ServiceCore> cancel_;
  std::unique_ptr<ServiceCore> get_result_;
};

}  // namespace clipseek::ros2

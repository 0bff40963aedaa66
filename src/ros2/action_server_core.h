// The untyped server of an action: goals, their states and the replies to clients. Messages are serialized bytes;
// action_server.h adds the types.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "ros2/action_types.h"
#include "ros2/goal_state.h"
#include "ros2/service.h"

namespace clipseek::ros2 {

struct ActionServerOptions {
  int max_running = 4;             // goals that execute at the same time; further goals wait in state ACCEPTED
  std::size_t max_active = 1000;   // goals that are accepted and not finished; further goals are rejected
  std::size_t max_finished = 500;  // results that are kept; the oldest are dropped first
  std::chrono::minutes result_lifetime{15};
  // How long a stopping server waits until its clients have received their results. ros2 launch sends SIGTERM 5 s after
  // SIGINT.
  std::chrono::milliseconds stop_timeout{4000};
};

// One goal. Any thread may read the const fields and use `stop`; the mutex of ActionServerCore guards the other fields.
struct ServerGoal {
  const GoalInfo info;
  const Guid client;  // the client's endpoint that receives replies
  // A client that is not clipseek's drops feedback that arrives before the reply that accepts its goal.
  const bool is_clipseek_client;
  std::shared_ptr<const void> goal;  // the request, freed when execution has ended because it may be large
  GoalStatus status = GoalStatus::kAccepted;
  Bytes result{};                    // the whole GetResult response; set when the goal has finished
  std::vector<RequestId> waiting{};  // GetResult requests that arrived before the result was available
  bool result_requested = false;
  std::chrono::steady_clock::time_point finished{};
  std::stop_source stop{};
};

class ActionServerCore {
 public:
  // All are called without the server's mutex, because `accept`, `accept_cancel`, `execute` and `default_result` run
  // the user's code, which may throw and may use GoalHandle.
  struct Hooks {
    // Decodes a SendGoal request into goal id and goal; throws Error kCorrupt.
    std::function<std::pair<UUID, std::shared_ptr<const void>>(const Bytes&)> decode;
    std::function<bool(const void* goal)> accept;
    std::function<bool(const void* goal)> accept_cancel;
    std::function<void(const std::shared_ptr<ServerGoal>&)> execute;
    // The GetResult response of a goal for which `execute` set no result; `stopped`: a stop was requested.
    std::function<Bytes(GoalStatus, bool stopped)> default_result;
    // The GetResult response with a default-constructed result.
    std::function<Bytes(GoalStatus)> empty_result;
  };

  ActionServerCore(const std::shared_ptr<NodeCore>& core, const ActionNames& names, const ActionTypes& types,
                   Hooks hooks, const ActionServerOptions& options);
  // Requests that running goals stop, waits for them, ends every goal, and waits until the clients have received the
  // results, for at most ActionServerOptions::stop_timeout.
  ~ActionServerCore();
  ActionServerCore(const ActionServerCore&) = delete;
  ActionServerCore& operator=(const ActionServerCore&) = delete;

  void publish_feedback(const Bytes& message);
  bool cancel_requested(const ServerGoal& goal) const;
  // Ends a goal; `result` returns the GetResult response for the final status. `wanted` CANCELED without a cancel
  // request becomes ABORTED. Has no effect on a goal that has already ended, also when it ended during `result`.
  void finish(const std::shared_ptr<ServerGoal>& goal, GoalStatus wanted,
              const std::function<Bytes(GoalStatus)>& result);

 private:
  void take_goal(ServiceCore& service, const Received& request);
  void take_cancel(ServiceCore& service, const Received& request);
  void take_get_result(ServiceCore& service, const Received& request);
  // These ask the user's callbacks; after an exception, which they log, the answer is "no" or the empty result.
  bool accepts(const void* goal);
  bool accepts_cancel(const void* goal);
  Bytes default_result(GoalStatus end, bool stopped);
  std::shared_ptr<ServerGoal> add_goal(const UUID& id, const Guid& client, std::shared_ptr<const void> goal);
  void wait_for_client(ServiceCore& send_goal, const ServerGoal& goal);
  void run(ServiceCore& send_goal, const std::shared_ptr<ServerGoal>& goal);
  void execute(const std::shared_ptr<ServerGoal>& goal);
  bool begin(ServerGoal& goal);
  std::optional<GoalStatus> end_status(const ServerGoal& goal, GoalStatus wanted) const;
  void finish_with_default_result(const std::shared_ptr<ServerGoal>& goal, GoalStatus wanted);
  std::vector<std::shared_ptr<ServerGoal>> cancel_goals(const CancelChoice& choice);
  std::shared_ptr<const void> cancelable_request(const UUID& id) const;
  std::vector<KnownGoal> known_goals() const;
  void forget_old_goals();  // the caller holds mutex_
  void publish_status();
  bool has_other_clients() const;
  bool result_requested(const ServerGoal& goal) const;
  void deliver_results(const std::vector<std::shared_ptr<ServerGoal>>& goals);
  void wait_after_last_feedback();

  std::shared_ptr<NodeCore> core_;
  Hooks hooks_;
  ActionServerOptions options_;
  mutable std::mutex mutex_;
  std::map<UUID, std::shared_ptr<ServerGoal>> goals_;
  bool stopping_ = false;
  std::mutex status_mutex_;  // held while a status array is built and written, so that arrays are sent in order
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

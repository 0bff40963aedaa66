#include "ros2/action_client_core.h"

#include "clipseek/error.h"
#include "ros2/interface_types.h"
#include "ros2/names.h"

namespace clipseek::ros2 {
namespace {

// The first field of every SendGoal response (`accepted`) and GetResult response (`status`), the same for all actions.
bool read_accepted(const Bytes& reply) {
  return CdrReader(reply).read<bool>();
}

GoalStatus read_status(const Bytes& reply) {
  return static_cast<GoalStatus>(CdrReader(reply).read<std::int8_t>());
}

std::optional<GoalEnd> end_of(GoalStatus status) {
  if (status == GoalStatus::kSucceeded) return GoalEnd::kSucceeded;
  if (status == GoalStatus::kAborted) return GoalEnd::kAborted;
  if (status == GoalStatus::kCanceled) return GoalEnd::kCanceled;
  return std::nullopt;
}

}  // namespace

ActionClientCore::ActionClientCore(const std::shared_ptr<NodeCore>& core, const ActionNames& names,
                                   const ActionTypes& types)
    : name_(names.send_goal.substr(0, names.send_goal.find("/_action/"))),
      send_goal_(
          std::make_unique<ClientCore>(core, names.send_goal, types.send_goal_request, types.send_goal_response)),
      cancel_(std::make_unique<ClientCore>(core, names.cancel_goal, type_info<CancelGoal::Request>(),
                                           type_info<CancelGoal::Response>())),
      get_result_(
          std::make_unique<ClientCore>(core, names.get_result, types.get_result_request, types.get_result_response)) {
  Qos feedback_qos = Qos::action_feedback();
  feedback_ = std::make_unique<NodeReader>(
      core, EndpointSpec{dds_topic(names.feedback), types.feedback, feedback_qos, {}},
      static_cast<std::size_t>(feedback_qos.depth), [this](const Received& message) { take_feedback(message); });
  // Its messages are discarded: it exists because tools such as `ros2 action info` count readers of both topics as
  // action clients.
  status_ = std::make_unique<NodeReader>(
      core, EndpointSpec{dds_topic(names.status), type_info<GoalStatusArray>(), Qos::action_status(), {}}, 1,
      [](const Received&) {});
  core->add_type(feedback_->reader().guid(), action_type(types));
  get_result_->on_servers_changed([this] { servers_changed(); });
}

// The service clients are destroyed while all other members still exist, because their pending replies call back into
// this object.
ActionClientCore::~ActionClientCore() {
  feedback_.reset();
  get_result_->close();
  send_goal_.reset();
  cancel_.reset();
  get_result_.reset();
}

bool ActionClientCore::ready() const {
  for (const Guid& writer : feedback_->reader().matched()) {
    auto server = writer.participant();
    if (send_goal_->ready(server) && cancel_->ready(server) && get_result_->ready(server)) return true;
  }
  return false;
}

void ActionClientCore::end_goal(SentGoal& goal, GoalEnd end, const std::string& reason, Bytes result) {
  {
    std::lock_guard lock(goal.mutex);
    if (goal.end) return;
    goal.end = end;
    goal.reason = reason;
    goal.result = std::move(result);
  }
  goal.changed.notify_all();
}

void ActionClientCore::send(const std::shared_ptr<SentGoal>& goal, const Bytes& request) {
  {
    std::lock_guard lock(mutex_);
    goals_[goal->id] = goal;  // before the request is sent: feedback may arrive at once
  }
  try {
    send_goal_->send(request, [this, goal](const Received* reply) { take_accept_reply(goal, reply); });
  } catch (const Error& error) {
    end_goal(*goal, GoalEnd::kLost, error.what());
  }
}

void ActionClientCore::take_accept_reply(const std::shared_ptr<SentGoal>& goal, const Received* reply) {
  try {
    if (reply == nullptr) {
      end_goal(*goal, GoalEnd::kLost, "the server of " + name_ + " disappeared before it answered the goal request");
    } else if (!read_accepted(reply->bytes)) {
      end_goal(*goal, GoalEnd::kRejected, "the server of " + name_ + " rejected the goal");
    } else {
      {
        std::lock_guard lock(goal->mutex);
        goal->accepted = true;
        goal->server = reply->writer.participant();
      }
      goal->changed.notify_all();
      get_result_->send(serialize(goal->id), [this, goal](const Received* answer) { take_result(goal, answer); });
    }
  } catch (const Error& error) {
    end_goal(*goal, GoalEnd::kLost, error.what());
  }
}

void ActionClientCore::take_result(const std::shared_ptr<SentGoal>& goal, const Received* reply) {
  try {
    if (reply == nullptr) {
      end_goal(*goal, GoalEnd::kLost, "the server of " + name_ + " disappeared before the goal ended");
    } else if (std::optional<GoalEnd> end = end_of(read_status(reply->bytes))) {
      end_goal(*goal, *end, "", reply->bytes);
    } else {
      end_goal(*goal, GoalEnd::kLost, "the server of " + name_ + " no longer knows the goal");
    }
  } catch (const Error& error) {
    end_goal(*goal, GoalEnd::kLost, error.what());
  }
}

void ActionClientCore::take_feedback(const Received& message) {
  UUID id = deserialize<UUID>(message.bytes);
  std::shared_ptr<SentGoal> goal;
  {
    std::lock_guard lock(mutex_);
    auto found = goals_.find(id);
    if (found == goals_.end()) return;  // feedback for a goal of another client
    goal = found->second;
  }
  std::lock_guard lock(goal->feedback_mutex);
  if (auto on_feedback = goal->on_feedback) (*on_feedback)(message.bytes);
}

// The server of a goal may have disappeared while other servers of the same action name still run.
void ActionClientCore::servers_changed() {
  std::vector<std::shared_ptr<SentGoal>> goals;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [id, goal] : goals_) goals.push_back(goal);
  }
  for (const auto& goal : goals) {
    bool lost = false;
    {
      std::lock_guard lock(goal->mutex);
      lost = goal->accepted && !get_result_->ready(goal->server);
    }
    if (lost) end_goal(*goal, GoalEnd::kLost, "the server of " + name_ + " disappeared before the goal ended");
  }
}

void ActionClientCore::cancel(const std::shared_ptr<SentGoal>& goal) {
  CancelGoal::Request request;
  request.goal_info.goal_id = goal->id;
  try {
    cancel_->send(serialize(request), [](const Received*) {});
  } catch (const Error& error) {
    end_goal(*goal, GoalEnd::kLost, error.what());
  }
}

void ActionClientCore::forget(const std::shared_ptr<SentGoal>& goal) {
  {
    std::lock_guard lock(mutex_);
    goals_.erase(goal->id);
  }
  std::lock_guard lock(goal->feedback_mutex);
  goal->on_feedback.reset();
}

}  // namespace clipseek::ros2

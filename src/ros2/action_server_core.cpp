#include "ros2/action_server_core.h"

#include <algorithm>
#include <thread>

#include "clipseek/error.h"
#include "ros2/client.h"
#include "ros2/names.h"

namespace clipseek::ros2 {
namespace {

// ROS 2's clients drop feedback that reaches them before the reply that accepts their goal, and replies and feedback
// travel apart: so work begins when the reply has been acknowledged, or after this time. Ours keep such feedback.
constexpr std::chrono::milliseconds kReplyTimeout{300};
// A client is connected when it has found us; we may find it later, and feedback written before that is lost to it.
constexpr std::chrono::seconds kMatchTimeout{1};
// ROS 2's clients keep the newest 10 feedback messages until they look, of all goals of all clients. At this distance
// they have 100 ms to look; ours keep 1000.
constexpr std::chrono::milliseconds kFeedbackDistance{10};
// Acknowledged is not looked at yet. They ask for the result when they have seen that their goal is accepted, and then
// want feedback; when the result is there they want none any more.
constexpr std::chrono::milliseconds kAcceptedTime{100};
constexpr std::chrono::milliseconds kLastFeedbackTime{50};
// How long a stopping server waits for clients to ask how their goals ended.
constexpr std::chrono::seconds kAskTimeout{1};

Time now() {
  auto since = std::chrono::system_clock::now().time_since_epoch();
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
  auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(since - seconds);
  return {static_cast<std::int32_t>(seconds.count()), static_cast<std::uint32_t>(rest.count())};
}

// What every SendGoal response looks like, whatever the action.
Bytes accept_reply(bool accepted, const Time& stamp) {
  CdrWriter cdr;
  cdr.write(accepted);
  cdr.write(stamp.sec);
  cdr.write(stamp.nanosec);
  return cdr.take();
}

bool is_matched(const NodeWriter& writer, const Guid& client) {
  std::vector<Guid> readers = writer->matched();
  return std::any_of(readers.begin(), readers.end(),
                     [&](const Guid& reader) { return reader.participant() == client.participant(); });
}

GoalEvent event_for(GoalStatus wanted) {
  if (wanted == GoalStatus::kSucceeded) return GoalEvent::kSucceed;
  return wanted == GoalStatus::kCanceled ? GoalEvent::kCanceled : GoalEvent::kAbort;
}

}  // namespace

ActionServerCore::ActionServerCore(const std::shared_ptr<NodeCore>& core, const ActionNames& names,
                                   const ActionTypes& types, Hooks hooks, const ActionServerOptions& options)
    : core_(core),
      hooks_(std::move(hooks)),
      options_(options),
      feedback_(core, EndpointSpec{dds_topic(names.feedback), types.feedback, Qos::action_feedback(), {}}),
      status_(core, EndpointSpec{dds_topic(names.status), type_info<GoalStatusArray>(), Qos::action_status(), {}}),
      runners_(std::make_unique<base::WorkerPool>(options.max_running)) {
  // A goal can arrive as soon as send_goal is there, so it comes last.
  get_result_ = std::make_unique<ServiceCore>(
      core, names.get_result, types.get_result_request, types.get_result_response,
      [this](ServiceCore& service, const Received& request) { take_get_result(service, request); });
  cancel_ = std::make_unique<ServiceCore>(
      core, names.cancel_goal, type_info<CancelGoal::Request>(), type_info<CancelGoal::Response>(),
      [this](ServiceCore& service, const Received& request) { take_cancel(service, request); });
  send_goal_ = std::make_unique<ServiceCore>(
      core, names.send_goal, types.send_goal_request, types.send_goal_response,
      [this](ServiceCore& service, const Received& request) { take_goal(service, request); });
}

ActionServerCore::~ActionServerCore() {
  std::vector<std::shared_ptr<ServerGoal>> goals;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& [id, goal] : goals_) {
      if (!is_terminal(goal->status)) goals.push_back(goal);
    }
  }
  for (const auto& goal : goals) goal->stop.request_stop();
  runners_->stop();
  for (const auto& goal : goals) {
    begin(*goal);  // one that never ran: only an executing goal can be aborted
    finish_unsaid(goal, GoalStatus::kAborted);
  }
  // A client asks for the result when the accept reply has reached it: for a goal that has only begun this may be still
  // to come.
  wait_until(
      [&] {
        std::lock_guard lock(mutex_);
        return std::all_of(goals.begin(), goals.end(), [](const auto& goal) { return goal->result_asked; });
      },
      kAskTimeout);
  get_result_->wait_acknowledged(kReplyTimeout);
}

void ActionServerCore::take_goal(ServiceCore& service, const Received& request) {
  auto [id, decoded] = hooks_.decode(request.bytes);
  std::shared_ptr<ServerGoal> goal;
  if (is_wanted(decoded.get())) goal = add_goal(id, std::move(decoded));
  service.reply(request.request, accept_reply(goal != nullptr, goal ? goal->info.stamp : Time{}));
  if (!goal) return;
  goal->waits_for_reply = !core_->is_clipseek_peer(request.request.client);
  publish_status();
  runners_->post([this, &service, goal, client = request.request.client] {
    wait_until([&] { return is_matched(feedback_, client); }, kMatchTimeout, goal->stop.get_token());
    run(service, goal);
  });
}

bool ActionServerCore::is_wanted(const void* goal) {
  try {
    return hooks_.accept(goal);
  } catch (const std::exception& error) {
    core_->logger().error(std::string("goal rejected: ") + error.what());
    return false;
  }
}

// Nothing for an id that is known, when too many goals are active, and when the server ends.
std::shared_ptr<ServerGoal> ActionServerCore::add_goal(const UUID& id, std::shared_ptr<const void> goal) {
  std::lock_guard lock(mutex_);
  forget_old_goals();
  auto active = static_cast<std::size_t>(std::count_if(
      goals_.begin(), goals_.end(), [](const auto& entry) { return !is_terminal(entry.second->status); }));
  if (stopping_ || active >= options_.max_active || goals_.count(id) > 0) return nullptr;
  auto added = std::make_shared<ServerGoal>();
  added->info = {id, now()};
  added->goal = std::move(goal);
  goals_[id] = added;
  return added;
}

bool ActionServerCore::begin(ServerGoal& goal) {
  std::lock_guard lock(mutex_);
  std::optional<GoalStatus> next = next_status(goal.status, GoalEvent::kExecute);
  if (next) goal.status = *next;
  return next.has_value();
}

void ActionServerCore::run(ServiceCore& send_goal, const std::shared_ptr<ServerGoal>& goal) {
  if (goal->waits_for_reply) {
    send_goal.wait_acknowledged(kReplyTimeout);
    wait_until([&] { return result_asked(*goal); }, kAcceptedTime, goal->stop.get_token());
  }
  if (!begin(*goal)) {  // cancelled while it waited for its turn
    finish_unsaid(goal, GoalStatus::kCanceled);
    return;
  }
  publish_status();
  try {
    hooks_.execute(goal);
  } catch (const std::exception& error) {
    core_->logger().error(std::string("goal aborted: ") + error.what());
  }
  finish_unsaid(goal, GoalStatus::kAborted);  // for work that ended without saying how
}

void ActionServerCore::finish_unsaid(const std::shared_ptr<ServerGoal>& goal, GoalStatus wanted) {
  bool stopped = goal->stop.stop_requested();
  finish(goal, wanted, [&](GoalStatus end) { return hooks_.unsaid_result(end, stopped); });
  std::lock_guard lock(mutex_);
  goal->goal.reset();
}

void ActionServerCore::publish_feedback(const Bytes& message) {
  std::lock_guard order(feedback_mutex_);
  if (has_other_clients()) std::this_thread::sleep_until(last_feedback_ + kFeedbackDistance);
  feedback_->write(message);
  last_feedback_ = std::chrono::steady_clock::now();
}

bool ActionServerCore::has_other_clients() const {
  std::vector<Guid> readers = feedback_->matched();
  return std::any_of(readers.begin(), readers.end(),
                     [this](const Guid& reader) { return !core_->is_clipseek_peer(reader); });
}

bool ActionServerCore::result_asked(const ServerGoal& goal) const {
  std::lock_guard lock(mutex_);
  return goal.result_asked;
}

void ActionServerCore::let_last_feedback_pass() {
  std::unique_lock order(feedback_mutex_);
  auto until = last_feedback_ + kLastFeedbackTime;
  order.unlock();
  std::this_thread::sleep_until(until);
}

bool ActionServerCore::cancel_requested(const ServerGoal& goal) const {
  std::lock_guard lock(mutex_);
  return goal.status == GoalStatus::kCanceling;
}

void ActionServerCore::finish(const std::shared_ptr<ServerGoal>& goal, GoalStatus wanted,
                              const std::function<Bytes(GoalStatus)>& result) {
  if (goal->waits_for_reply) let_last_feedback_pass();
  std::vector<RequestId> waiting;
  {
    std::lock_guard lock(mutex_);
    if (is_terminal(goal->status)) return;
    std::optional<GoalStatus> next = next_status(goal->status, event_for(wanted));
    GoalStatus end = next.value_or(GoalStatus::kAborted);
    goal->result = result(end);
    goal->status = end;
    goal->finished = std::chrono::steady_clock::now();
    waiting.swap(goal->waiting);
    forget_old_goals();
  }
  for (const RequestId& client : waiting) get_result_->reply(client, goal->result);
  publish_status();
}

void ActionServerCore::take_get_result(ServiceCore& service, const Received& request) {
  UUID id = deserialize<UUID>(request.bytes);
  Bytes answer;
  std::shared_ptr<ServerGoal> goal;
  {
    std::lock_guard lock(mutex_);
    auto found = goals_.find(id);
    if (found == goals_.end()) {
      answer = hooks_.unsaid_result(GoalStatus::kUnknown, false);
    } else if (is_terminal(found->second->status)) {
      answer = found->second->result;
    } else {
      // A client that asks again and again must not make the list grow for ever.
      constexpr std::size_t kMaxWaiting = 1000;
      if (found->second->waiting.size() < kMaxWaiting) found->second->waiting.push_back(request.request);
      found->second->result_asked = true;
      return;
    }
    if (found != goals_.end()) goal = found->second;
  }
  service.reply(request.request, answer);
  if (!goal) return;
  std::lock_guard lock(mutex_);
  goal->result_asked = true;  // now that it is answered: a stop waits for this
}

std::vector<KnownGoal> ActionServerCore::known_goals() const {
  std::lock_guard lock(mutex_);
  std::vector<KnownGoal> known;
  for (const auto& [id, goal] : goals_) known.push_back({goal->info, goal->status});
  return known;
}

std::vector<std::shared_ptr<ServerGoal>> ActionServerCore::cancel_goals(const CancelChoice& choice) {
  std::vector<std::shared_ptr<ServerGoal>> canceling;
  std::lock_guard lock(mutex_);
  for (const UUID& id : choice.goals) {
    auto found = goals_.find(id);
    if (found == goals_.end() || !is_cancelable(found->second->status)) continue;
    if (!hooks_.accept_cancel(found->second->goal.get())) continue;
    found->second->status = GoalStatus::kCanceling;
    canceling.push_back(found->second);
  }
  return canceling;
}

void ActionServerCore::take_cancel(ServiceCore& service, const Received& message) {
  auto request = deserialize<CancelGoal::Request>(message.bytes);
  CancelChoice choice = choose_goals_to_cancel(request.goal_info, known_goals());
  CancelGoal::Response response;
  response.return_code = choice.code;
  std::vector<std::shared_ptr<ServerGoal>> canceling = cancel_goals(choice);
  for (const auto& goal : canceling) response.goals_canceling.push_back(goal->info);
  if (!choice.goals.empty() && canceling.empty()) response.return_code = CancelGoal::kRejected;
  if (!canceling.empty()) publish_status();
  service.reply(message.request, serialize(response));
  for (const auto& goal : canceling) goal->stop.request_stop();
}

void ActionServerCore::forget_old_goals() {
  std::vector<std::pair<std::chrono::steady_clock::time_point, UUID>> finished;
  for (const auto& [id, goal] : goals_) {
    if (is_terminal(goal->status)) finished.emplace_back(goal->finished, id);
  }
  std::sort(finished.begin(), finished.end());
  auto oldest = std::chrono::steady_clock::now() - options_.result_lifetime;
  std::size_t surplus = finished.size() - std::min(finished.size(), options_.max_finished);
  for (std::size_t i = 0; i < finished.size(); ++i) {
    if (i < surplus || finished[i].first < oldest) goals_.erase(finished[i].second);
  }
}

void ActionServerCore::publish_status() {
  std::lock_guard order(status_mutex_);
  GoalStatusArray array;
  for (const KnownGoal& goal : known_goals()) {
    array.status_list.push_back({goal.info, static_cast<std::int8_t>(goal.status)});
  }
  try {
    status_->write(serialize(array));
  } catch (const Error& error) {
    core_->logger().warn(error.what());
  }
}

}  // namespace clipseek::ros2

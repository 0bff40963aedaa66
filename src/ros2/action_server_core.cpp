#include "ros2/action_server_core.h"

#include <algorithm>
#include <thread>

#include "clipseek/error.h"
#include "ros2/client.h"
#include "ros2/interface_types.h"
#include "ros2/names.h"

namespace clipseek::ros2 {
namespace {

// ROS 2's clients drop feedback that arrives before the reply that accepts their goal, and DDS does not order messages
// across topics. So for them execution begins when the reply has been acknowledged, or after this timeout. Our own
// clients keep such feedback.
constexpr std::chrono::milliseconds kReplyTimeout{300};
// A client may discover this server, and send a goal, before this server has discovered the client's feedback reader.
// Feedback that is written before then does not reach the client. Discovery can take seconds on a busy machine. A
// clipseek client always has a feedback reader; another client may have none.
constexpr std::chrono::seconds kMatchTimeout{10};
constexpr std::chrono::seconds kOtherMatchTimeout{1};
// The reader queue of ROS 2's clients keeps the newest 10 feedback messages, of all goals of all clients together. At
// this interval such a client has 100 ms to take a message from it. Our own clients keep 1000.
constexpr std::chrono::milliseconds kFeedbackInterval{10};
// An acknowledged reply may not have been processed yet. A client of ROS 2 requests the result when it has processed
// the reply, and handles feedback only from then until the result arrives.
constexpr std::chrono::milliseconds kResultRequestTimeout{100};
constexpr std::chrono::milliseconds kResultDelay{50};
// How long a stopping server waits for a client that is not clipseek's to request a result: it may never do so.
constexpr std::chrono::seconds kOtherStopTimeout{1};

// The SendGoal response, which has the same fields for all actions.
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
  core->add_type(feedback_->guid(), action_type(types));
  // A goal can arrive as soon as send_goal_ exists, so it is created last.
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
  std::vector<std::shared_ptr<ServerGoal>> active;
  std::vector<std::shared_ptr<ServerGoal>> undelivered;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& [id, goal] : goals_) {
      bool ended = is_terminal(goal->status);
      if (!ended) active.push_back(goal);
      if (!goal->result_requested && (!ended || goal->is_clipseek_client)) undelivered.push_back(goal);
    }
  }
  for (const auto& goal : active) goal->stop.request_stop();
  runners_->stop();
  for (const auto& goal : active) {
    begin(*goal);  // for a goal that never ran: only an executing goal can be aborted
    finish_with_default_result(goal, GoalStatus::kAborted);
  }
  deliver_results(undelivered);
}

// A client requests the result after it has received the accept reply: for a goal that has just begun, this request may
// not have arrived yet.
void ActionServerCore::deliver_results(const std::vector<std::shared_ptr<ServerGoal>>& goals) {
  const auto begin = std::chrono::steady_clock::now();
  auto left = [&] {
    auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    return std::max(options_.stop_timeout - passed, std::chrono::milliseconds(0));
  };
  auto is_done = [&](const std::shared_ptr<ServerGoal>& goal) {
    if (result_requested(*goal) || !core_->knows_participant(goal->client)) return true;
    return !goal->is_clipseek_client && std::chrono::steady_clock::now() - begin > kOtherStopTimeout;
  };
  wait_until([&] { return std::all_of(goals.begin(), goals.end(), is_done); }, left());
  get_result_->wait_delivered(left());
}

void ActionServerCore::take_goal(ServiceCore& service, const Received& request) {
  auto [id, decoded] = hooks_.decode(request.bytes);
  std::shared_ptr<ServerGoal> goal;
  if (accepts(decoded.get())) goal = add_goal(id, request.request.client, std::move(decoded));
  service.reply(request.request, accept_reply(goal != nullptr, goal ? goal->info.stamp : Time{}));
  if (!goal) return;
  publish_status();
  runners_->post([this, &service, goal] { run(service, goal); });
}

// Waits until the client can receive feedback.
void ActionServerCore::wait_for_client(ServiceCore& send_goal, const ServerGoal& goal) {
  std::stop_token stop = goal.stop.get_token();
  auto connected = [&] { return is_matched(feedback_, goal.client) || !core_->knows_participant(goal.client); };
  wait_until(connected, goal.is_clipseek_client ? kMatchTimeout : kOtherMatchTimeout, stop);
  if (goal.is_clipseek_client) return;
  send_goal.wait_delivered(kReplyTimeout);
  wait_until([&] { return result_requested(goal); }, kResultRequestTimeout, stop);
}

bool ActionServerCore::accepts(const void* goal) {
  try {
    return hooks_.accept(goal);
  } catch (const std::exception& error) {
    core_->logger().error(std::string("goal rejected: ") + error.what());
    return false;
  }
}

bool ActionServerCore::accepts_cancel(const void* goal) {
  try {
    return hooks_.accept_cancel(goal);
  } catch (const std::exception& error) {
    core_->logger().error(std::string("cancel request rejected: ") + error.what());
    return false;
  }
}

Bytes ActionServerCore::default_result(GoalStatus end, bool stopped) {
  try {
    return hooks_.default_result(end, stopped);
  } catch (const std::exception& error) {
    core_->logger().error(std::string("goal ended with an empty result: ") + error.what());
    return hooks_.empty_result(end);
  }
}

// Returns a null pointer when the id is already known, too many goals are active, or the server is stopping.
std::shared_ptr<ServerGoal> ActionServerCore::add_goal(const UUID& id, const Guid& client,
                                                       std::shared_ptr<const void> goal) {
  bool is_clipseek_client = core_->is_clipseek_peer(client);
  std::lock_guard lock(mutex_);
  forget_old_goals();
  auto active = static_cast<std::size_t>(std::count_if(
      goals_.begin(), goals_.end(), [](const auto& entry) { return !is_terminal(entry.second->status); }));
  if (stopping_ || active >= options_.max_active || goals_.count(id) > 0) return nullptr;
  auto added =
      std::make_shared<ServerGoal>(ServerGoal{{id, core_->now()}, client, is_clipseek_client, std::move(goal)});
  goals_[id] = added;
  return added;
}

bool ActionServerCore::begin(ServerGoal& goal) {
  std::lock_guard lock(mutex_);
  std::optional<GoalStatus> next = next_status(goal.status, GoalEvent::kExecute);
  if (next) goal.status = *next;
  return next.has_value();
}

// A task of runners_, which must not throw.
void ActionServerCore::run(ServiceCore& send_goal, const std::shared_ptr<ServerGoal>& goal) {
  try {
    wait_for_client(send_goal, *goal);
    execute(goal);
  } catch (const std::exception& error) {
    core_->logger().error(std::string("error in the execution of a goal: ") + error.what());
  }
}

void ActionServerCore::execute(const std::shared_ptr<ServerGoal>& goal) {
  if (!begin(*goal)) {  // cancelled while it waited to be executed
    finish_with_default_result(goal, GoalStatus::kCanceled);
    return;
  }
  publish_status();
  try {
    hooks_.execute(goal);
  } catch (const std::exception& error) {
    core_->logger().error(std::string("goal aborted: ") + error.what());
  }
  finish_with_default_result(goal, GoalStatus::kAborted);  // no effect if `execute` has already ended the goal
}

void ActionServerCore::finish_with_default_result(const std::shared_ptr<ServerGoal>& goal, GoalStatus wanted) {
  bool stopped = goal->stop.stop_requested();
  // take_cancel() sets the status before it requests the stop.
  auto result = [&](GoalStatus end) { return default_result(end, stopped || end == GoalStatus::kCanceled); };
  finish(goal, wanted, result);
  std::lock_guard lock(mutex_);
  goal->goal.reset();
}

void ActionServerCore::publish_feedback(const Bytes& message) {
  std::lock_guard order(feedback_mutex_);
  if (has_other_clients()) std::this_thread::sleep_until(last_feedback_ + kFeedbackInterval);
  feedback_->write(message);
  last_feedback_ = std::chrono::steady_clock::now();
}

bool ActionServerCore::has_other_clients() const {
  std::vector<Guid> readers = feedback_->matched();
  return std::any_of(readers.begin(), readers.end(),
                     [this](const Guid& reader) { return !core_->is_clipseek_peer(reader); });
}

bool ActionServerCore::result_requested(const ServerGoal& goal) const {
  std::lock_guard lock(mutex_);
  return goal.result_requested;
}

void ActionServerCore::wait_after_last_feedback() {
  std::unique_lock order(feedback_mutex_);
  auto until = last_feedback_ + kResultDelay;
  order.unlock();
  std::this_thread::sleep_until(until);
}

bool ActionServerCore::cancel_requested(const ServerGoal& goal) const {
  std::lock_guard lock(mutex_);
  return goal.status == GoalStatus::kCanceling;
}

void ActionServerCore::finish(const std::shared_ptr<ServerGoal>& goal, GoalStatus wanted,
                              const std::function<Bytes(GoalStatus)>& result) {
  if (!goal->is_clipseek_client) wait_after_last_feedback();
  std::optional<GoalStatus> end = end_status(*goal, wanted);
  if (!end) return;
  Bytes response = result(*end);
  std::vector<RequestId> waiting;
  {
    std::lock_guard lock(mutex_);
    if (is_terminal(goal->status)) return;
    goal->result = std::move(response);
    goal->status = *end;  // still a valid end: meanwhile only a cancel request can have changed the status
    goal->finished = std::chrono::steady_clock::now();
    waiting.swap(goal->waiting);
    forget_old_goals();
  }
  for (const RequestId& client : waiting) get_result_->reply(client, goal->result);
  publish_status();
}

// Returns std::nullopt for a goal that has ended.
std::optional<GoalStatus> ActionServerCore::end_status(const ServerGoal& goal, GoalStatus wanted) const {
  std::lock_guard lock(mutex_);
  if (is_terminal(goal.status)) return std::nullopt;
  return next_status(goal.status, event_for(wanted)).value_or(GoalStatus::kAborted);
}

void ActionServerCore::take_get_result(ServiceCore& service, const Received& request) {
  UUID id = deserialize<UUID>(request.bytes);
  Bytes answer;
  std::shared_ptr<ServerGoal> goal;
  {
    std::lock_guard lock(mutex_);
    auto found = goals_.find(id);
    if (found != goals_.end()) goal = found->second;
    if (goal && is_terminal(goal->status)) {
      answer = goal->result;
    } else if (goal) {
      // Bounds the list for a client that repeats its request.
      constexpr std::size_t kMaxWaiting = 1000;
      if (goal->waiting.size() < kMaxWaiting) goal->waiting.push_back(request.request);
      goal->result_requested = true;
      return;
    }
  }
  if (!goal) return service.reply(request.request, hooks_.empty_result(GoalStatus::kUnknown));
  service.reply(request.request, answer);
  std::lock_guard lock(mutex_);
  goal->result_requested = true;  // only after the reply was sent, because the destructor waits for this flag
}

std::vector<KnownGoal> ActionServerCore::known_goals() const {
  std::lock_guard lock(mutex_);
  std::vector<KnownGoal> known;
  for (const auto& [id, goal] : goals_) known.push_back({goal->info, goal->status});
  return known;
}

// Returns the request of a goal that can be cancelled; else a null pointer.
std::shared_ptr<const void> ActionServerCore::cancelable_request(const UUID& id) const {
  std::lock_guard lock(mutex_);
  auto found = goals_.find(id);
  return found != goals_.end() && is_cancelable(found->second->status) ? found->second->goal : nullptr;
}

std::vector<std::shared_ptr<ServerGoal>> ActionServerCore::cancel_goals(const CancelChoice& choice) {
  std::vector<std::shared_ptr<ServerGoal>> canceling;
  for (const UUID& id : choice.goals) {
    std::shared_ptr<const void> request = cancelable_request(id);
    if (!request || !accepts_cancel(request.get())) continue;
    std::lock_guard lock(mutex_);
    auto found = goals_.find(id);
    if (found == goals_.end() || !is_cancelable(found->second->status)) continue;  // ended during `accept_cancel`
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

#include "nodes/manage/feature_client.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "nodes/shared/item_extra.h"
#include "nodes/shared/log_text.h"

namespace clipseek::nodes {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kPollInterval{20};
constexpr std::chrono::seconds kReminderInterval{5};
// Feedback and result use different topics: how long after one the other may still arrive.
constexpr std::chrono::seconds kStragglerTimeout{5};
constexpr std::chrono::seconds kCancelTimeout{2};

// Passes items from the node's threads to the caller's thread.
class ItemQueue {
 public:
  void put(ClipItem item) {
    std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    changed_.notify_one();
  }
  std::deque<ClipItem> take(milliseconds timeout) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, timeout, [this] { return !items_.empty(); });
    return std::exchange(items_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<ClipItem> items_;
};

// Follows one goal on the caller's thread.
class Follower {
 public:
  Follower(ros2::ActionClient<GetFeatures>& client, const GetFeatures::Goal& goal)
      : expected_(goal.type ? goal.urls.size() : goal.texts.size()),
        goal_(client.send_goal(
            goal, [queue = queue_](const GetFeatures::Feedback& feedback) { queue->put(feedback.item); })) {}
  ~Follower() {
    if (!outcome_) goal_.cancel();
  }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  // Waits briefly for items and the result, and passes new items to `on_item`. Returns whether anything was new.
  bool poll(const FeatureClient::OnItem& on_item) {
    bool all = items_ >= expected_;
    std::deque<ClipItem> items = queue_->take(all ? milliseconds(0) : kPollInterval);
    bool progress = !items.empty();
    for (ClipItem& item : items) {
      ++items_;
      on_item(std::move(item));
    }
    if (!outcome_) {
      outcome_ = goal_.wait(all ? kPollInterval : milliseconds(0));
      progress = progress || outcome_;
    }
    if (progress) last_activity_ = Clock::now();
    return progress;
  }

  // Returns whether no more items or result are expected.
  bool ended() const {
    bool all = items_ >= expected_;
    if (outcome_ && (all || outcome_->end != ros2::GoalEnd::kSucceeded)) return true;
    return (outcome_ || all) && idle_time() > kStragglerTimeout;
  }
  Clock::duration idle_time() const { return Clock::now() - last_activity_; }

  // Cancels the goal and waits for its end for a limited time, so that the server has stopped its work.
  void cancel() {
    goal_.cancel();
    outcome_ = goal_.wait(kCancelTimeout);
  }

  const std::optional<ros2::GoalOutcome<GetFeatures>>& outcome() const { return outcome_; }

 private:
  std::size_t expected_;
  std::shared_ptr<ItemQueue> queue_ = std::make_shared<ItemQueue>();
  ros2::ClientGoal<GetFeatures> goal_;
  std::size_t items_ = 0;
  Clock::time_point last_activity_ = Clock::now();
  std::optional<ros2::GoalOutcome<GetFeatures>> outcome_;
};

std::string seconds_text(milliseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

// Throws unless the goal succeeded. A goal succeeds even if some of its pictures could not be encoded.
void check_outcome(const ros2::GoalOutcome<GetFeatures>& outcome, const std::string& action) {
  if (outcome.end == ros2::GoalEnd::kSucceeded) return;
  if (outcome.end == ros2::GoalEnd::kRejected) {
    throw Error(ErrorCode::kUnsupported, outcome.reason + ": check that it is an encoder node for this type of input");
  }
  if (!outcome.reason.empty()) throw Error(ErrorCode::kUnavailable, outcome.reason);
  ErrorCode code =
      outcome.result.error_code == 0 ? ErrorCode::kUnavailable : from_ros_error_code(outcome.result.error_code);
  // This client did not cancel the goal: a server that stops cancels its goals.
  if (code == ErrorCode::kCancelled) code = ErrorCode::kUnavailable;
  throw Error(code, "the server of " + action + " aborted the goal with error_code " +
                        std::to_string(outcome.result.error_code));
}

}  // namespace

FeatureClient::FeatureClient(ros2::Node& node, std::string action, milliseconds timeout, ResultLog result_log)
    : node_(node),
      action_(std::move(action)),
      timeout_(timeout),
      result_log_(result_log),
      model_client_(node, action_),
      client_(node.create_action_client<GetFeatures>(action_)) {}

void FeatureClient::wait_for_server(const std::stop_token& stop) const {
  auto end = Clock::now() + timeout_;
  while (!client_.wait_for_server(std::min<milliseconds>(kReminderInterval, timeout_), stop)) {
    if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "stopped while waiting for the action " + action_);
    if (Clock::now() >= end) {
      throw Error(ErrorCode::kUnavailable, "no server of the action " + action_ + " was found within " +
                                               seconds_text(timeout_) + ": start its encoder node");
    }
    node_.logger().warn("Waiting for the server of the action " + action_);
  }
}

void FeatureClient::announce(const GetFeatures::Goal& goal) {
  ros2::Logger& logger = node_.logger();
  if (!used_.exchange(true)) {
    logger.warn("Action client recved goal");
    logger.warn("Action client got lock");
  }
  if (goal.type) {
    logger.warn("Sending goal, type: 1, urls size: " + std::to_string(goal.urls.size()));
  } else {
    logger.warn("Sending goal, type: 0, texts: " + sanitized_list(goal.texts));
  }
}

void FeatureClient::get_features(const GetFeatures::Goal& goal, const OnItem& on_item, const std::stop_token& stop) {
  announce(goal);
  Follower follower(client_, goal);
  while (!follower.ended()) {
    if (stop.stop_requested()) {
      follower.cancel();
      throw Error(ErrorCode::kCancelled, "stopped while the server of " + action_ + " was encoding");
    }
    if (follower.idle_time() > timeout_ && Clock::now() - last_activity_.load() > timeout_) {
      throw Error(ErrorCode::kUnavailable,
                  "the server of " + action_ + " has not responded for " + seconds_text(timeout_));
    }
    if (follower.poll(on_item)) last_activity_ = Clock::now();
  }
  if (!follower.outcome()) {
    node_.logger().warn("The server of " + action_ + " sent all features but no result");
    return;
  }
  const ros2::GoalOutcome<GetFeatures>& outcome = *follower.outcome();
  bool has_result = outcome.end != ros2::GoalEnd::kRejected && outcome.end != ros2::GoalEnd::kLost;
  if (has_result) log_result(outcome.result.error_code);
  check_outcome(outcome, action_);
}

void FeatureClient::log_result(std::int32_t error_code) {
  if (error_code == 0 && result_log_ == ResultLog::kDeferred) {
    ++deferred_results_;
  } else {
    node_.logger().warn("Get Result errorcode: " + std::to_string(error_code));
  }
}

void FeatureClient::log_results() {
  for (int results = deferred_results_.exchange(0); results > 0; --results)
    node_.logger().warn("Get Result errorcode: 0");
}

}  // namespace clipseek::nodes

// Requests features from one encoder node.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "clipseek/encoder.h"
#include "nodes/shared/clip_msgs.h"
#include "nodes/shared/model_parameters.h"
#include "ros2/node.h"

namespace clipseek::nodes {

// The client of one action of type GetFeatures. Thread-safe; several goals may run at the same time.
class FeatureClient {
 public:
  enum class ResultLog { kAtOnce, kDeferred };

  // `node` must outlive this object. `timeout`: how long to wait for a server, and how long a server may be silent
  // while goals are active. With kDeferred, log_results() logs the results of goals that succeeded: hobot_clip logs the
  // result of a query after the pictures that it found.
  FeatureClient(ros2::Node& node, std::string action, std::chrono::milliseconds timeout,
                ResultLog result_log = ResultLog::kAtOnce);

  const std::string& action() const { return action_; }
  std::chrono::milliseconds timeout() const { return timeout_; }
  bool ready() const { return client_.ready(); }

  // Waits until a server is available and logs while it waits. Throws Error kUnavailable when none is found in time,
  // kCancelled when a stop is requested.
  void wait_for_server(const std::stop_token& stop) const;

  // Returns the server's model. Throws as ModelClient::request.
  EncoderInfo model(const std::stop_token& stop) { return model_client_.request(timeout_, stop); }

  using OnItem = std::function<void(ClipItem)>;
  // Sends one goal and passes its items to `on_item`, on the calling thread, until the goal ends. A goal may succeed
  // with items missing or duplicated, so match them with the request. Throws Error kUnavailable when the server
  // disappears or sends nothing for any goal within the timeout (goals take turns, so one goal alone may wait longer),
  // kUnsupported when it rejects the goal, kCancelled when a stop is requested, else the error that ended the goal.
  // Exceptions of `on_item` are passed on. When it throws, the goal is cancelled.
  void get_features(const GetFeatures::Goal& goal, const OnItem& on_item, const std::stop_token& stop);

  // Logs the results that were not logged yet.
  void log_results();

 private:
  void announce(const GetFeatures::Goal& goal);
  void log_result(std::int32_t error_code);

  ros2::Node& node_;
  std::string action_;
  std::chrono::milliseconds timeout_;
  ResultLog result_log_;
  std::atomic<int> deferred_results_ = 0;
  std::atomic<bool> used_ = false;
  std::atomic<std::chrono::steady_clock::time_point> last_activity_;  // the last item or result of any goal
  ModelClient model_client_;
  ros2::ActionClient<GetFeatures> client_;
};

}  // namespace clipseek::nodes

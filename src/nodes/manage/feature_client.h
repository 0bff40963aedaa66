// Asking one encoder node for features.
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

// The client of one action of type GetFeatures. Any thread, several goals at once.
class FeatureClient {
 public:
  // `node` must outlive it. `patience`: how long to wait for a server, and for a sign of life of a goal.
  FeatureClient(ros2::Node& node, std::string action, std::chrono::milliseconds timeout);

  const std::string& action() const { return action_; }
  std::chrono::milliseconds timeout() const { return timeout_; }
  bool ready() const { return client_.ready(); }

  // Returns when a server is there, with a line in the log while it waits. Throws Error kUnavailable when none has come
  // in time, kCancelled when `stop` is requested.
  void wait_for_server(const std::stop_token& stop) const;

  // The server's model; throws as ModelQuestion::ask does.
  EncoderInfo model(const std::stop_token& stop) { return question_.ask(timeout_, stop); }

  using OnItem = std::function<void(ClipItem)>;
  // Sends one goal and hands its items on, on the calling thread, until it ends. A goal can end well with items
  // missing, or with some twice: match them. Throws Error kUnavailable when the server goes or falls silent (a sign of
  // life of any goal counts: they take turns), kUnsupported when it rejects the goal, kCancelled when `stop` is
  // requested, else the error that ended the goal, and whatever `on_item` throws; the goal is cancelled then.
  void get_features(const GetFeatures::Goal& goal, const OnItem& on_item, const std::stop_token& stop);

 private:
  void announce(const GetFeatures::Goal& goal);

  ros2::Node& node_;
  std::string action_;
  std::chrono::milliseconds timeout_;
  std::atomic<bool> used_ = false;
  std::atomic<std::chrono::steady_clock::time_point> last_sign_;  // of any goal
  ModelQuestion question_;
  ros2::ActionClient<GetFeatures> client_;
};

}  // namespace clipseek::nodes

// How the encoder nodes say which model they run, so that nobody compares vectors of two: read-only parameters of the
// node that serves the action.
#pragma once

#include <chrono>
#include <mutex>
#include <stop_token>
#include <string>

#include "clipseek/encoder.h"
#include "ros2/msg/rcl_interfaces.h"
#include "ros2/node.h"

namespace clipseek::nodes {

// Declares model_name, model_fingerprint, model_dimension and model_logit_scale.
void declare_model(ros2::Parameters& parameters, const EncoderInfo& model);

// Asks the server of an action for its model. Any thread.
class ModelQuestion {
 public:
  // `node` must outlive it.
  ModelQuestion(ros2::Node& node, std::string action) : node_(node), action_(std::move(action)) {}

  // What the server says. One that has no such parameters is taken for hobot_clip's own, with its 512 numbers and the
  // fingerprint "hobot_clip". Throws Error kUnavailable when it does not answer within `timeout`, kCancelled when
  // `stop` is requested, kCorrupt for an answer that makes no sense.
  EncoderInfo ask(std::chrono::milliseconds timeout, const std::stop_token& stop);

 private:
  ros2::Node& node_;
  std::string action_;
  std::mutex turn_;
  std::string asked_node_;  // whose parameters `client_` asks for: finding them anew takes time each time
  ros2::ServiceClient<ros2::GetParameters> client_;
};

}  // namespace clipseek::nodes

// How the encoder nodes say which model they run, so that nobody compares vectors of two: read-only parameters of the
// node that serves the action.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "clip/encoder.h"
#include "ros2/node.h"

namespace clipseek::nodes {

// Declares model_name, model_fingerprint, model_dimension and model_logit_scale.
void declare_model(ros2::Parameters& parameters, const EncoderInfo& model);

// What the server of the action `action` says of its model, asked through `node`. A server that has no such parameters
// is taken for hobot_clip's own, with its 512 numbers and the fingerprint "hobot_clip". Throws Error kUnavailable when
// it does not answer within `timeout`, kCancelled when `stop` is requested, kCorrupt for an answer that makes no sense.
EncoderInfo ask_model(ros2::Node& node, const std::string& action, std::chrono::milliseconds timeout,
                      const std::stop_token& stop);

}  // namespace clipseek::nodes

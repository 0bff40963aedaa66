// The model of an encoder node: the parameters that select it, and those through which the node announces it, so that
// vectors of different models are never compared.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "clipseek/model.h"
#include "nodes/shared/parameter_block.h"
#include "ros2/msg/rcl_interfaces.h"
#include "ros2/node.h"

namespace clipseek::nodes {

// The parameters model_file_name and precision of an encoder node.
struct ModelSettings {
  std::string model_file_name;
  std::string precision;
};

ModelSettings declare_model_settings(ParameterBlock& block);
// Throws the Errors of locate_model() and Model::open().
std::unique_ptr<Model> open_model(const ModelSettings& settings);

// Declares model_name, model_fingerprint, model_dimension and model_logit_scale, unless an earlier call has: a node
// keeps its model.
void declare_model(ros2::Parameters& parameters, const EncoderInfo& model);

// Requests the model of an action's server. Thread-safe.
class ModelClient {
 public:
  // `node` must outlive this object.
  ModelClient(ros2::Node& node, std::string action) : node_(node), action_(std::move(action)) {}

  // Returns the server's model. A server without these parameters is assumed to be one of hobot_clip, with 512
  // dimensions and the fingerprint "hobot_clip". Throws Error kUnavailable when the server does not respond within
  // `timeout`, kCancelled when a stop is requested, kCorrupt for an invalid response.
  EncoderInfo request(std::chrono::milliseconds timeout, const std::stop_token& stop);

 private:
  ros2::Node& node_;
  std::string action_;
  std::mutex mutex_;
  std::string client_node_;  // the node of `client_`, which is reused because connecting a new client takes time
  ros2::ServiceClient<ros2::GetParameters> client_;
};

}  // namespace clipseek::nodes

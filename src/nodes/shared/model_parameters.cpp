#include "nodes/shared/model_parameters.h"

#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "ros2/msg/rcl_interfaces.h"

namespace clipseek::nodes {
namespace {

using ros2::ParameterValue;

const std::vector<std::string> kNames{"model_name", "model_fingerprint", "model_dimension", "model_logit_scale"};
constexpr std::int64_t kMaxDimensions = 65'536;

EncoderInfo hobot_clip() {
  return {.name = "hobot_clip", .fingerprint = "hobot_clip", .dimension = 512};
}

template <typename T>
const T& value_of(const std::vector<ParameterValue>& values, std::size_t index, const std::string& node) {
  if (const T* value = std::get_if<T>(&values.at(index))) return *value;
  throw Error(ErrorCode::kCorrupt, node + ": parameter " + kNames[index] + " has an unexpected type");
}

EncoderInfo to_model(const std::vector<ros2::ParameterValueMessage>& answer, const std::string& node) {
  std::vector<ParameterValue> values;
  for (const auto& message : answer) values.push_back(ros2::from_message(message));
  // For unknown names, a node of rclcpp returns no values and a node of rclpy returns values that are not set.
  if (values.size() != kNames.size() || values[1].index() == 0) return hobot_clip();
  auto dimension = value_of<std::int64_t>(values, 2, node);
  if (dimension < 1 || dimension > kMaxDimensions) {
    throw Error(ErrorCode::kCorrupt, node + ": parameter model_dimension is " + std::to_string(dimension));
  }
  return {value_of<std::string>(values, 0, node), value_of<std::string>(values, 1, node), static_cast<int>(dimension),
          static_cast<float>(value_of<double>(values, 3, node))};
}

const std::map<std::string, PrecisionChoice>& precisions() {
  static const std::map<std::string, PrecisionChoice> kPrecisions{
      {"auto", PrecisionChoice::kAuto}, {"f32", PrecisionChoice::kF32}, {"bf16", PrecisionChoice::kBf16}};
  return kPrecisions;
}

}  // namespace

ModelSettings declare_model_settings(ParameterBlock& block) {
  ModelSettings settings;
  settings.model_file_name =
      block.declare("model_file_name", std::string(), "the model's folder or name", "model_file_name_");
  settings.precision =
      block.declare_choice("precision", {"auto", "f32", "bf16"},
                           "of the model's arithmetic; auto: bf16 where the processor has it, else f32");
  return settings;
}

std::unique_ptr<Model> open_model(const ModelSettings& settings) {
  return Model::open(locate_model(settings.model_file_name), {.precision = precisions().at(settings.precision)});
}

void declare_model(ros2::Parameters& parameters, const EncoderInfo& model) {
  if (std::optional<ParameterValue> announced = parameters.find(kNames[1])) {
    if (*announced == ParameterValue(model.fingerprint)) return;
    throw Error(ErrorCode::kModelMismatch, "the model " + model.name + " was changed: start the node again");
  }
  auto declare = [&](std::size_t index, const ParameterValue& value, const char* text) {
    parameters.declare(kNames[index], value, {.text = text, .read_only = true});
  };
  declare(0, model.name, "name of the model");
  declare(1, model.fingerprint, "identifies the model's weights, vocabulary and preprocessing");
  declare(2, std::int64_t{model.dimension}, "number of values in a feature");
  declare(3, static_cast<double>(model.logit_scale), "factor for similarities before a softmax");
}

EncoderInfo ModelClient::request(std::chrono::milliseconds timeout, const std::stop_token& stop) {
  std::lock_guard lock(mutex_);
  auto end = std::chrono::steady_clock::now() + timeout;
  auto left = [&] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
  };
  auto require = [&](bool done, const std::string& what) {
    if (done) return;
    if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "stopped while requesting the model of " + action_);
    throw Error(ErrorCode::kUnavailable, what);
  };
  std::vector<std::string> nodes;
  require(ros2::wait_until([&] { return !(nodes = node_.find_action_nodes(action_)).empty(); }, left(), stop),
          "no node that serves the action " + action_ + " was found");
  if (nodes.front() != client_node_) {
    client_ = node_.create_client<ros2::GetParameters>(nodes.front() + "/get_parameters");
    client_node_ = nodes.front();
  }
  require(client_.wait_for_service(left(), stop), nodes.front() + " does not offer the service get_parameters");
  auto reply = client_.call({kNames});
  auto answered = [&] { return reply.wait_for(std::chrono::milliseconds(0)) == std::future_status::ready; };
  require(ros2::wait_until(answered, left(), stop), nodes.front() + " did not send its model parameters in time");
  return to_model(reply.get().values, nodes.front());
}

}  // namespace clipseek::nodes

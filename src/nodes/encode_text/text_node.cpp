// Node clip_encode_text_node.
#include "nodes/encode_text/text_node.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clipseek/model.h"
#include "nodes/shared/diagnostics.h"
#include "nodes/shared/dump_feature.h"
#include "nodes/shared/embedding_summary.h"
#include "nodes/shared/feature_server.h"
#include "nodes/shared/log_text.h"
#include "nodes/shared/managed_node.h"
#include "nodes/shared/model_parameters.h"
#include "ros2/diagnostics.h"

namespace clipseek::nodes {
namespace {

struct TextSettings {
  bool feed_type;
  std::vector<std::string> texts;
  bool dump_result;
  ModelSettings model;
  bool autostart;
};

TextSettings declare_settings(ParameterBlock& block) {
  TextSettings settings;
  settings.feed_type =
      block.declare("feed_type", false, "false: encode texts, true: serve the action clip_text_action");
  settings.texts = block.declare("texts", std::vector<std::string>{"a diagram", "a dog", "a cat"},
                                 "the sentences that feed_type false encodes");
  settings.dump_result = block.declare("dump_result", false, "with feed_type false: write each feature to a file");
  settings.model = declare_model_settings(block);
  settings.autostart = declare_autostart(block);
  return settings;
}

void encode_local(ros2::Node& node, const TextSettings& settings, const std::stop_token& stop) {
  auto model = open_model(settings.model);
  for (std::size_t i = 0; i < settings.texts.size() && !stop.stop_requested(); ++i) {
    Embedding embedding = model->encode_text(settings.texts[i]);
    node.logger().warn("text: " + sanitized(settings.texts[i]) + ", feature: " + summary(embedding));
    if (!settings.dump_result) continue;
    std::filesystem::path file = dump_file_name(i, settings.texts[i]);
    dump_feature(file, embedding);
    node.logger().warn("feature written to " + file.string());
  }
}

// The service mode.
class TextService {
 public:
  // `node` must outlive this object.
  TextService(ros2::Node& node, ModelSettings settings)
      : node_(node),
        settings_(std::move(settings)),
        managed_(node, {.configure = [this] { configure(); },
                        .activate = [this] { activate(); },
                        .deactivate = [this] { server_.reset(); },
                        .cleanup = [this] { cleanup(); }}),
        diagnostics_(node, [this] { return diagnose(); }) {}

  // Throws Error.
  void start() { managed_.start(); }

 private:
  void configure() {
    auto model = open_model(settings_);
    std::lock_guard lock(mutex_);
    model_ = std::move(model);
    declare_model(node_.parameters(), model_->info());
  }
  void activate() {
    server_ = serve_texts(node_, "clip_text_action", *model_, goals_);
    node_.logger().warn("Clip Encode Text Node has been started.");
  }
  void cleanup() {
    std::lock_guard lock(mutex_);
    model_.reset();
  }
  std::vector<ros2::DiagnosticStatus> diagnose() {
    std::lock_guard lock(mutex_);
    return {node_diagnostics(managed_.state(), model_),
            goal_diagnostics(goals_.status(std::chrono::steady_clock::now()))};
  }

  ros2::Node& node_;
  ModelSettings settings_;
  std::mutex mutex_;  // guards model_ for the diagnostics; the transitions do not run concurrently
  std::unique_ptr<Model> model_;
  GoalMeter goals_;
  std::optional<ros2::ActionServer<GetFeatures>> server_;
  ManagedNode managed_;            // after what its transitions use
  ros2::Diagnostics diagnostics_;  // the last member, because its thread uses the others
};

int run(const ros2::Participant& participant, const ros2::Arguments& arguments, const base::StopSignal& stop) {
  ros2::Node node(participant, arguments, "clip_encode_text_node");
  ParameterBlock block(node.parameters());
  TextSettings settings = declare_settings(block);
  block.log(node.logger());
  if (!settings.feed_type) {
    encode_local(node, settings, stop.token());
    return 0;
  }
  TextService service(node, settings.model);
  if (settings.autostart) service.start();
  ros2::Node::spin(stop.token());
  return 0;
}

void declare(ros2::Parameters& parameters) {
  ParameterBlock block(parameters);
  declare_settings(block);
}

}  // namespace

NodeProgram text_program() {
  return {"clip_encode_text_node", "encodes sentences for other nodes", declare, run};
}

}  // namespace clipseek::nodes

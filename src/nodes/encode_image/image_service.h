// The service mode of the image encoder node: the action server, the pictures of a topic, and the diagnostics.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "nodes/encode_image/picture_stream.h"
#include "nodes/shared/feature_server.h"
#include "nodes/shared/managed_node.h"
#include "nodes/shared/model_parameters.h"
#include "ros2/diagnostics.h"

namespace clipseek::nodes {

struct ImageServiceSettings {
  ModelSettings model;
  bool one_by_one = false;      // of the pictures of a goal
  PictureStreamOptions stream;  // min_short_side is that of the model
};

// The status of the topic's pictures for /diagnostics: a warning while the topic has no publisher, or if the encoding
// of pictures failed in the last second and succeeded for none.
ros2::DiagnosticStatus picture_diagnostics(const PictureStreamStatus& status);

class ImageService {
 public:
  // `node` is the node ClipImageNode; encode_image_server is created with the same arguments. All must outlive this
  // object.
  ImageService(const ros2::Participant& participant, const ros2::Arguments& arguments, ros2::Node& node,
               ImageServiceSettings settings);

  // Throws Error.
  void start() { managed_.start(); }

 private:
  void configure();
  void activate();
  void deactivate();
  void cleanup();
  std::vector<ros2::DiagnosticStatus> diagnose();

  const ros2::Participant& participant_;
  const ros2::Arguments& arguments_;
  ros2::Node& node_;
  ImageServiceSettings settings_;
  std::mutex mutex_;  // guards the following for the diagnostics; the transitions do not run concurrently
  std::unique_ptr<Model> model_;
  FairMutex encoder_mutex_;
  GoalMeter goals_;
  std::optional<ros2::Node> server_node_;
  std::optional<ros2::ActionServer<GetFeatures>> server_;
  std::unique_ptr<PictureStream> stream_;
  ManagedNode managed_;            // after what its transitions use
  ros2::Diagnostics diagnostics_;  // the last member, because its thread uses the others
};

}  // namespace clipseek::nodes

#include "nodes/encode_image/image_service.h"

#include <chrono>
#include <string>
#include <utility>

#include "nodes/shared/diagnostics.h"

namespace clipseek::nodes {

ros2::DiagnosticStatus picture_diagnostics(const PictureStreamStatus& status) {
  ros2::DiagnosticStatus part;
  part.name = "pictures";
  const bool unusable = status.rates.rejected > 0 && status.rates.encoded_hz <= 0;
  part.level = status.publishers == 0 || unusable ? ros2::DiagnosticStatus::kWarn : ros2::DiagnosticStatus::kOk;
  if (status.topic.empty()) {
    part.message = "no topic of pictures has a publisher";
  } else if (status.publishers == 0) {
    part.message = status.topic + " has no publisher";
  } else {
    part.message = number_text(status.rates.received_hz) + " pictures per second received, " +
                   number_text(status.rates.encoded_hz) + " encoded";
  }
  auto milliseconds = [](std::chrono::nanoseconds time) {
    return number_text(std::chrono::duration<double, std::milli>(time).count());
  };
  part.values = {{"topic", status.topic},
                 {"type", status.type},
                 {"publishers", std::to_string(status.publishers)},
                 {"received", std::to_string(status.received)},
                 {"encoded", std::to_string(status.encoded)},
                 {"dropped: a newer picture came", std::to_string(status.replaced)},
                 {"dropped: overwritten by the publisher", std::to_string(status.overwritten)},
                 {"left out: max_rate", std::to_string(status.rate_limited)},
                 {"left out: min_change", std::to_string(status.unchanged)},
                 {"rejected", std::to_string(status.rejected)},
                 {"preprocess time ms", milliseconds(status.rates.mean.preprocess)},
                 {"infer time ms", milliseconds(status.rates.mean.infer)},
                 {"post process time ms", milliseconds(status.rates.mean.post)},
                 {"last error", status.last_error}};
  return part;
}

ImageService::ImageService(const ros2::Participant& participant, const ros2::Arguments& arguments, ros2::Node& node,
                           ImageServiceSettings settings)
    : participant_(participant),
      arguments_(arguments),
      node_(node),
      settings_(std::move(settings)),
      managed_(node, {.configure = [this] { configure(); },
                      .activate = [this] { activate(); },
                      .deactivate = [this] { deactivate(); },
                      .cleanup = [this] { cleanup(); }}),
      diagnostics_(node, [this] { return diagnose(); }) {}

void ImageService::configure() {
  auto model = open_model(settings_.model);
  std::lock_guard lock(mutex_);
  model_ = std::move(model);
  server_node_.emplace(participant_, arguments_, "encode_image_server");
  declare_model(server_node_->parameters(), model_->info());
}

void ImageService::activate() {
  server_ = serve_pictures(*server_node_, "clip_image_action", *model_, encoder_mutex_, settings_.one_by_one, goals_);
  PictureStreamOptions options = settings_.stream;
  options.min_short_side = model_->details().min_short_side;  // as for picture files
  auto stream = std::make_unique<PictureStream>(node_, std::move(options), *model_, encoder_mutex_);
  std::lock_guard lock(mutex_);
  stream_ = std::move(stream);
}

void ImageService::deactivate() {
  server_.reset();
  std::unique_ptr<PictureStream> stream;
  {
    std::lock_guard lock(mutex_);
    stream = std::move(stream_);
  }
}

void ImageService::cleanup() {
  std::lock_guard lock(mutex_);
  server_node_.reset();
  model_.reset();
}

std::vector<ros2::DiagnosticStatus> ImageService::diagnose() {
  std::lock_guard lock(mutex_);
  std::vector<ros2::DiagnosticStatus> parts{node_diagnostics(managed_.state(), model_),
                                            goal_diagnostics(goals_.status(std::chrono::steady_clock::now()))};
  if (stream_) parts.push_back(picture_diagnostics(stream_->status()));
  return parts;
}

}  // namespace clipseek::nodes

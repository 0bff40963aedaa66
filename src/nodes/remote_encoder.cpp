#include "nodes/remote_encoder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "nodes/item_extra.h"
#include "nodes/remote_run.h"

namespace clipseek::nodes {

RemoteEncoder::RemoteEncoder(std::vector<FeatureClient*> pictures, FeatureClient* texts, RemoteEncoderOptions options,
                             ros2::Logger& logger)
    : pictures_(std::move(pictures)),
      texts_(texts),
      options_(std::move(options)),
      logger_(logger),
      info_(find_model()) {}

// One server of several is enough to begin.
EncoderInfo RemoteEncoder::find_model() const {
  std::vector<FeatureClient*> clients = texts_ != nullptr ? std::vector{texts_} : pictures_;
  auto ready = clients.end();
  auto any_ready = [&] {
    ready = std::find_if(clients.begin(), clients.end(), [](const FeatureClient* client) { return client->ready(); });
    return ready != clients.end();
  };
  std::string actions;
  for (const FeatureClient* client : clients) actions += (actions.empty() ? "" : ", ") + client->action();
  constexpr std::chrono::milliseconds kReminder{5000};
  const auto patience = clients.front()->patience();
  auto left = patience;
  while (!ros2::wait_until(any_ready, std::min(kReminder, left), options_.stop)) {
    if (options_.stop.stop_requested()) throw Error(ErrorCode::kCancelled, "stopped while waiting for " + actions);
    left -= std::min(kReminder, left);
    if (left.count() == 0) {
      throw Error(ErrorCode::kUnavailable, "no server of the action " + actions + " has come within " +
                                               std::to_string(patience.count() / 1000) + " s: start its encoder node");
    }
    logger_.warn("Waiting for the server of the action " + actions);
  }
  return (*ready)->model(options_.stop);
}

void RemoteEncoder::encode_images(const NextImage& next, const ImageDone& done, const std::stop_token& stop) {
  if (pictures_.empty()) throw Error(ErrorCode::kUnavailable, "no encoder node for pictures is known");
  RemoteEncoderOptions options = options_;
  options.stop = stop;
  RemoteRun(info_, pictures_, options, logger_, next, done).run();
}

Embedding RemoteEncoder::encode_text(std::string_view text, const std::stop_token& stop) {
  if (texts_ == nullptr) throw Error(ErrorCode::kUnavailable, "no encoder node for sentences is known");
  texts_->wait_for_server(stop);
  std::optional<ClipItem> answer;
  auto take = [&](ClipItem item) {
    if (item.text == text) answer = std::move(item);
  };
  texts_->get_features({false, {}, {std::string(text)}}, take, stop);
  if (!answer) throw Error(ErrorCode::kUnavailable, "the server of " + texts_->action() + " sent no feature");
  if (auto error = item_error(*answer)) throw *error;
  check_model(*answer, info_);
  Embedding embedding = to_embedding(std::move(answer->feature));
  if (embedding.size() != static_cast<std::size_t>(info_.dimension)) {
    throw Error(ErrorCode::kModelMismatch, "the server of " + texts_->action() + " sent a feature of " +
                                               std::to_string(embedding.size()) + " numbers instead of " +
                                               std::to_string(info_.dimension));
  }
  return embedding;
}

}  // namespace clipseek::nodes

#include "nodes/manage/remote_encoder.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "nodes/manage/remote_run.h"
#include "nodes/shared/item_extra.h"

namespace clipseek::nodes {

RemoteEncoder::RemoteEncoder(std::vector<FeatureClient*> pictures, FeatureClient* texts, RemoteEncoderOptions options,
                             ros2::Logger& logger, const std::stop_token& stop)
    : pictures_(std::move(pictures)),
      texts_(texts),
      options_(std::move(options)),
      logger_(logger),
      info_(find_model(stop)) {}

// Waits until any of the servers is available: one is enough to begin.
EncoderInfo RemoteEncoder::find_model(const std::stop_token& stop) const {
  std::vector<FeatureClient*> clients = texts_ != nullptr ? std::vector{texts_} : pictures_;
  auto ready = clients.end();
  auto any_ready = [&] {
    ready = std::find_if(clients.begin(), clients.end(), [](const FeatureClient* client) { return client->ready(); });
    return ready != clients.end();
  };
  std::string actions;
  for (const FeatureClient* client : clients) actions += (actions.empty() ? "" : ", ") + client->action();
  constexpr std::chrono::milliseconds kReminderInterval{5000};
  const auto timeout = clients.front()->timeout();
  auto left = timeout;
  while (!ros2::wait_until(any_ready, std::min(kReminderInterval, left), stop)) {
    if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "stopped while waiting for " + actions);
    left -= std::min(kReminderInterval, left);
    if (left.count() == 0) {
      throw Error(ErrorCode::kUnavailable, "no server of the action " + actions + " was found within " +
                                               std::to_string(timeout.count() / 1000) + " s: start its encoder node");
    }
    logger_.warn("Waiting for the server of the action " + actions);
  }
  return (*ready)->model(stop);
}

void RemoteEncoder::encode_images(const NextImage& next, const ImageDone& done, std::stop_token stop) {
  if (pictures_.empty()) throw Error(ErrorCode::kUnavailable, "no action of an image encoder node is configured");
  RemoteRun(info_, pictures_, options_, logger_, next, done, std::move(stop)).run();
}

Embedding RemoteEncoder::encode_text(std::string_view text, std::stop_token stop) {
  if (texts_ == nullptr) throw Error(ErrorCode::kUnavailable, "no action of a text encoder node is configured");
  constexpr int kMaxTries = 3;
  constexpr std::chrono::seconds kDisconnectTimeout{5};  // longer than a server needs to stop
  const auto end = std::chrono::steady_clock::now() + texts_->timeout();
  for (int tries = 1;; ++tries) {
    texts_->wait_for_server(stop);
    try {
      return request_text(std::string(text), stop);
    } catch (const Error& error) {
      // The server may be stopping, and another may replace it. A stopping server rejects goals, and so does a server
      // of another type, which remains.
      bool rejected = error.code() == ErrorCode::kUnsupported;
      bool lost = rejected || error.code() == ErrorCode::kUnavailable;
      if (!lost || tries == kMaxTries || std::chrono::steady_clock::now() >= end) throw;
      bool disconnected = ros2::wait_until([this] { return !texts_->ready(); }, kDisconnectTimeout, stop);
      if (rejected && !disconnected) throw;
      logger_.warn(error.what());
    }
  }
}

Embedding RemoteEncoder::request_text(const std::string& text, const std::stop_token& stop) {
  std::optional<ClipItem> answer;
  auto take = [&](ClipItem item) {
    if (item.text == text) answer = std::move(item);
  };
  texts_->get_features({false, {}, {text}}, take, stop);
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

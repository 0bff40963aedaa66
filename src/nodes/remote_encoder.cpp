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
  auto is_ready = [](const FeatureClient* client) { return client->ready(); };
  auto any_ready = [&] { return std::any_of(clients.begin(), clients.end(), is_ready); };
  if (clients.size() > 1) ros2::wait_until(any_ready, options_.patience, options_.stop);
  auto ready = std::find_if(clients.begin(), clients.end(), is_ready);
  FeatureClient& first = ready == clients.end() ? *clients.front() : **ready;
  first.wait_for_server(options_.stop);
  return first.model(options_.stop);
}

void RemoteEncoder::encode_images(const NextImage& next, const ImageDone& done) {
  if (pictures_.empty()) throw Error(ErrorCode::kUnavailable, "no encoder node for pictures is known");
  RemoteRun(info_, pictures_, options_, logger_, next, done).run();
}

Embedding RemoteEncoder::encode_text(std::string_view text) {
  if (texts_ == nullptr) throw Error(ErrorCode::kUnavailable, "no encoder node for sentences is known");
  texts_->wait_for_server(options_.stop);
  std::optional<ClipItem> answer;
  auto take = [&](ClipItem item) {
    if (item.text == text) answer = std::move(item);
  };
  texts_->get_features({false, {}, {std::string(text)}}, take, options_.stop);
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

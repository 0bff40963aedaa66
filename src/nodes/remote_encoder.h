// An Encoder whose work other nodes do.
#pragma once

#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

#include "clip/encoder.h"
#include "nodes/feature_client.h"
#include "ros2/logger.h"

namespace clipseek::nodes {

struct RemoteEncoderOptions {
  std::size_t goal_size = 64;  // pictures in a goal
  // How long encode_images goes on without any server.
  std::chrono::milliseconds patience{60'000};
  std::stop_token stop{};  // ends what is under way with Error kCancelled
};

// Pictures are named by their path, which must lead to them where the server runs; their bytes are not sent. They go
// out in goals to all servers at once, two goals for each, so that one is on its way while the other is worked on. What
// a server leaves undone, because it goes or falls silent, the others do, or it itself when it is back; a picture that
// three goals were lost with is reported as Error kUnavailable. A server of another model is left out.
class RemoteEncoder : public Encoder {
 public:
  // `pictures` are the servers' actions for images, `texts` the one for sentences or null; at least one of all. What is
  // passed must outlive this. Waits for one of the servers and asks it for the model; throws as wait_for_server and
  // model do.
  RemoteEncoder(std::vector<FeatureClient*> pictures, FeatureClient* texts, RemoteEncoderOptions options,
                ros2::Logger& logger);

  const EncoderInfo& info() const override { return info_; }
  // Throws also kUnavailable when no server has been there for the time of `patience`, kModelMismatch when there are
  // only servers of other models, or a server's model has changed meanwhile.
  void encode_images(const NextImage& next, const ImageDone& done) override {
    encode_images(next, done, options_.stop);
  }
  Embedding encode_text(std::string_view text) override { return encode_text(text, options_.stop); }

  // The same with a stop of their own, instead of that of the options.
  void encode_images(const NextImage& next, const ImageDone& done, const std::stop_token& stop);
  Embedding encode_text(std::string_view text, const std::stop_token& stop);

 private:
  EncoderInfo find_model() const;

  std::vector<FeatureClient*> pictures_;
  FeatureClient* texts_;
  RemoteEncoderOptions options_;
  ros2::Logger& logger_;
  EncoderInfo info_;
};

// A remote encoder for one caller, whose stop ends its waiting and its work. Both must outlive it.
class StoppableEncoder : public Encoder {
 public:
  StoppableEncoder(RemoteEncoder& remote, const std::stop_token& stop) : remote_(remote), stop_(stop) {}

  const EncoderInfo& info() const override { return remote_.info(); }
  void encode_images(const NextImage& next, const ImageDone& done) override {
    remote_.encode_images(next, done, stop_);
  }
  Embedding encode_text(std::string_view text) override { return remote_.encode_text(text, stop_); }

 private:
  RemoteEncoder& remote_;
  const std::stop_token& stop_;
};

}  // namespace clipseek::nodes

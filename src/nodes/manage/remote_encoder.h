// An Encoder whose work other nodes do.
#pragma once

#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

#include "clipseek/encoder.h"
#include "nodes/manage/feature_client.h"
#include "ros2/logger.h"

namespace clipseek::nodes {

struct RemoteEncoderOptions {
  std::size_t goal_size = 64;  // pictures in a goal
  // How long encode_images goes on without any server.
  std::chrono::milliseconds timeout{60'000};
};

// Pictures are named by their path, which must lead to them where the server runs; their bytes are not sent. They go
// out in goals to all servers at once, two goals for each, so that one is on its way while the other is worked on. What
// a server leaves undone, because it goes or falls silent, the others do, or it itself when it is back; a picture that
// three goals were lost with is reported as Error kUnavailable. A server of another model is left out.
class RemoteEncoder : public Encoder {
 public:
  // `pictures` are the servers' actions for images, `texts` the one for sentences or null; at least one of all. What is
  // passed must outlive this. Waits for one of the servers and asks it for the model; throws as wait_for_server and
  // model do, kCancelled after a request on `stop`.
  RemoteEncoder(std::vector<FeatureClient*> pictures, FeatureClient* texts, RemoteEncoderOptions options,
                ros2::Logger& logger, const std::stop_token& stop = {});

  const EncoderInfo& info() const override { return info_; }
  // Throws also kUnavailable when no server has been there for the time of `patience`, kModelMismatch when there are
  // only servers of other models, or a server's model has changed meanwhile.
  void encode_images(const NextImage& next, const ImageDone& done, std::stop_token stop = {}) override;
  Embedding encode_text(std::string_view text, std::stop_token stop = {}) override;

 private:
  EncoderInfo find_model(const std::stop_token& stop) const;

  std::vector<FeatureClient*> pictures_;
  FeatureClient* texts_;
  RemoteEncoderOptions options_;
  ros2::Logger& logger_;
  EncoderInfo info_;
};

}  // namespace clipseek::nodes

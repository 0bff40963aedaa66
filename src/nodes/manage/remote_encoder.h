// An Encoder that uses remote encoder nodes through their actions.
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
  std::size_t goal_size = 64;  // pictures per goal
  // How long encode_images waits while no server is available.
  std::chrono::milliseconds timeout{60'000};
};

// Pictures are identified by their path, which must be valid on the server's machine; their bytes are not sent. All
// servers are used at the same time, with two goals for each, so that one goal is transferred while the other is
// executed. Pictures of a lost goal (its server disappeared or stopped responding) are sent again, to any server; a
// picture whose goals were lost three times is reported as Error kUnavailable. Servers with another model are not used.
class RemoteEncoder : public Encoder {
 public:
  // `pictures` are the actions for images, `texts` is the action for sentences or a null pointer; at least one action
  // is required. The arguments must outlive this object. Waits for one of the servers and requests its model. Throws as
  // FeatureClient::wait_for_server and FeatureClient::model, and kCancelled when a stop is requested.
  RemoteEncoder(std::vector<FeatureClient*> pictures, FeatureClient* texts, RemoteEncoderOptions options,
                ros2::Logger& logger, const std::stop_token& stop = {});

  const EncoderInfo& info() const override { return info_; }
  // Also throws Error kUnavailable when no server was available for RemoteEncoderOptions::timeout, and kModelMismatch
  // when all servers run other models or the model of a server has changed.
  void encode_images(const NextImage& next, const ImageDone& done, std::stop_token stop = {}) override;
  // If the server stops before it has sent the feature, the request is sent again, up to two times.
  Embedding encode_text(std::string_view text, std::stop_token stop = {}) override;

 private:
  Embedding request_text(const std::string& text, const std::stop_token& stop);
  EncoderInfo find_model(const std::stop_token& stop) const;

  std::vector<FeatureClient*> pictures_;
  FeatureClient* texts_;
  RemoteEncoderOptions options_;
  ros2::Logger& logger_;
  EncoderInfo info_;
};

}  // namespace clipseek::nodes

// One call of RemoteEncoder::encode_images. Internal to remote_encoder.cpp.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "nodes/manage/remote_encoder.h"

namespace clipseek::nodes {

// Normalizes a received feature to unit length, because the features of hobot_clip's nodes are not normalized.
Embedding to_embedding(std::vector<float> feature);

// Throws Error kModelMismatch when the item was encoded by another model.
void check_model(const ClipItem& item, const EncoderInfo& model);

class RemoteRun {
 public:
  RemoteRun(const EncoderInfo& model, const std::vector<FeatureClient*>& clients, const RemoteEncoderOptions& options,
            ros2::Logger& logger, const NextImage& next, const ImageDone& done, std::stop_token stop);

  // Returns when every picture has a result.
  void run();

 private:
  struct Work {
    std::size_t id = 0;
    std::string path;
    int lost_goals = 0;  // the number of lost goals that contained this picture
  };
  // The pictures of a goal that have no result yet, by path; a path may occur twice.
  using Unanswered = std::multimap<std::string, Work>;

  void run_worker(FeatureClient& client);
  bool wait_ready(FeatureClient& client);
  Error unavailable() const;
  void require_available();
  std::optional<bool> has_same_model(FeatureClient& client);
  std::vector<Work> take();
  std::vector<Work> fetch();
  bool encode(FeatureClient& client, std::vector<Work> work);
  void answer(Unanswered& unanswered, ClipItem item);
  void requeue(Unanswered unanswered, const std::string& reason, bool count_loss);
  void wait_until_disconnected(FeatureClient& client);
  void release(bool available);

  const EncoderInfo& model_;
  std::vector<FeatureClient*> clients_;
  const RemoteEncoderOptions& options_;
  ros2::Logger& logger_;
  const NextImage& next_;
  const ImageDone& done_;
  std::stop_token stop_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Work> requeued_;
  bool exhausted_ = false;                                // next_ has returned std::nullopt
  bool failed_ = false;                                   // a worker has thrown an exception
  int busy_workers_ = 0;                                  // workers with pictures in progress, which may be requeued
  std::size_t active_workers_ = 0;                        // workers whose server runs the right model
  std::chrono::steady_clock::time_point last_available_;  // when an encoder node was last available
  std::chrono::steady_clock::time_point last_reminder_;
};

}  // namespace clipseek::nodes

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

// A feature as the servers send it, of unit length: hobot_clip's are of any.
Embedding to_embedding(std::vector<float> feature);

// Throws Error kModelMismatch when an item says that another model made it.
void check_model(const ClipItem& item, const EncoderInfo& model);

class RemoteRun {
 public:
  RemoteRun(const EncoderInfo& model, const std::vector<FeatureClient*>& clients, const RemoteEncoderOptions& options,
            ros2::Logger& logger, const NextImage& next, const ImageDone& done, std::stop_token stop);

  // Until all pictures have a result.
  void run();

 private:
  struct Work {
    std::size_t id = 0;
    std::string path;
    int losses = 0;  // goals with this picture that were lost
  };
  // A goal's pictures without a result, by path; one path may be asked for twice.
  using Open = std::multimap<std::string, Work>;

  void work_lane(FeatureClient& client);
  bool wait_ready(FeatureClient& client);
  Error unavailable() const;
  std::optional<bool> has_our_model(FeatureClient& client);
  std::vector<Work> take();
  std::vector<Work> fetch();
  bool encode(FeatureClient& client, std::vector<Work> work);
  void answer(Open& open, ClipItem item);
  void give_back(Open open, const std::string& reason);
  void wait_gone(FeatureClient& client);
  void release();

  const EncoderInfo& model_;
  std::vector<FeatureClient*> clients_;
  const RemoteEncoderOptions& options_;
  ros2::Logger& logger_;
  const NextImage& next_;
  const ImageDone& done_;
  std::stop_token stop_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Work> returned_;
  bool exhausted_ = false;  // `next` has nothing more
  bool failed_ = false;     // some lane threw
  int busy_ = 0;            // lanes that hold work, which may come back
  std::size_t lanes_ = 0;   // those that go on
  std::chrono::steady_clock::time_point last_ready_;
  std::chrono::steady_clock::time_point last_reminder_;
};

}  // namespace clipseek::nodes

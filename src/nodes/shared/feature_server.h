// The action servers of the two encoder nodes.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "clipseek/encoder.h"
#include "nodes/shared/clip_msgs.h"
#include "nodes/shared/goal_meter.h"
#include "ros2/node.h"

namespace clipseek::nodes {

// A mutex that threads acquire in the order of their lock() calls. It shares the encoder fairly between goals and topic
// pictures: with std::mutex, a thread that unlocks and locks again usually gets it before waiting threads wake up.
class FairMutex {
 public:
  void lock() {
    std::unique_lock lock(mutex_);
    std::uint64_t ticket = next_++;
    changed_.wait(lock, [&] { return ticket == serving_; });
  }
  void unlock() {
    std::lock_guard lock(mutex_);
    ++serving_;
    changed_.notify_all();
  }
  // The number of threads that hold the mutex or wait for it.
  std::uint64_t queue_length() const {
    std::lock_guard lock(mutex_);
    return next_ - serving_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t next_ = 0;
  std::uint64_t serving_ = 0;
};

// The item of an encoded picture, with its size and model in `extra`.
ClipItem picture_item(std::string url, EncodedImage image, const EncoderInfo& model);

// The encoder input for a url of a goal: the path of a file, or a "data:...;base64,..." URL (RFC 2397), which is
// decoded. Throws the errors of decode_data_url.
ImageInput picture_input(const std::string& url);

// Creates the server of `action` for pictures. `encoder`, `encoder_mutex` and `meter` must outlive it. Pictures are
// encoded in batches, or one at a time with `one_by_one`, which gives each feature the lowest latency. Concurrent goals
// alternate after some pictures each.
ros2::ActionServer<GetFeatures> serve_pictures(ros2::Node& node, const std::string& action, Encoder& encoder,
                                               FairMutex& encoder_mutex, bool one_by_one, GoalMeter& meter);

// Creates the server of `action` for sentences. `encoder` and `meter` must outlive it.
ros2::ActionServer<GetFeatures> serve_texts(ros2::Node& node, const std::string& action, Encoder& encoder,
                                            GoalMeter& meter);

}  // namespace clipseek::nodes

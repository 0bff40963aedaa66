// Answering goals for features: the actions of the two encoder nodes.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "clipseek/encoder.h"
#include "nodes/shared/clip_msgs.h"
#include "ros2/node.h"

namespace clipseek::nodes {

// Encoder::encode_images allows one call at a time; who holds this may make it. A lock that is given in the order in
// which it was asked for: with std::mutex, who has just let it go takes it again before others wake.
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
  // How many hold it or wait for it.
  std::uint64_t asked() const {
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

// What a url of a goal names: a file's path, or the bytes in a "data:...;base64,..." URL (RFC 2397). Throws Error
// kCorrupt for a data URL that is none.
ImageInput picture_input(const std::string& url);

// A server of features of pictures. `encoder` and `turn` must outlive it. Pictures are encoded many at a time, or with
// `one_by_one` each alone, so that its feature is there soonest. Goals take turns after some pictures each.
ros2::ActionServer<GetFeatures> serve_pictures(ros2::Node& node, const std::string& action, Encoder& encoder,
                                               FairMutex& turn, bool one_by_one);

// A server of features of sentences.
ros2::ActionServer<GetFeatures> serve_texts(ros2::Node& node, const std::string& action, Encoder& encoder);

}  // namespace clipseek::nodes

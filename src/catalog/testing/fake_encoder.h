// For tests: an encoder whose embeddings depend only on the bytes.
#pragma once

#include <atomic>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/parallel.h"
#include "clipseek/encoder.h"

namespace clipseek::catalog {

// A picture and a text of the same bytes have the same embedding. A picture that begins with "corrupt" or "unsupported"
// fails with that Error, "secret" with kUnreadable; "odd" gets an invalid embedding; "throw" ends the whole call with
// an exception.
class FakeEncoder : public Encoder {
 public:
  explicit FakeEncoder(std::string fingerprint = "fake-1", int dimension = 8) {
    info_.name = "fake";
    info_.fingerprint = std::move(fingerprint);
    info_.dimension = dimension;
  }

  const EncoderInfo& info() const override { return info_; }

  void encode_images(const NextImage& next, const ImageDone& done, std::stop_token stop = {}) override {
    std::atomic<bool> failed = false;
    base::run_workers(threads, [&](int) {
      while (!failed && !stop.stop_requested()) {
        auto input = next();
        if (!input) return;
        try {
          done(encode(*input));
        } catch (...) {
          failed = true;
          throw;
        }
      }
    });
    if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "stopped on purpose");
  }

  Embedding encode_text(std::string_view text, std::stop_token /*stop*/ = {}) override { return embed(text); }

  Embedding embed(std::string_view bytes) const {
    std::seed_seq seed(bytes.begin(), bytes.end());
    std::mt19937 generator(seed);
    std::normal_distribution<float> distribution;
    Embedding embedding(static_cast<std::size_t>(info_.dimension));
    float square = 0;
    for (float& value : embedding) {
      value = distribution(generator);
      square += value * value;
    }
    for (float& value : embedding) value /= std::sqrt(square);
    return embedding;
  }

  // Returns and clears the paths that it has tried to encode, in any order.
  std::vector<std::string> take_paths() {
    std::lock_guard lock(mutex_);
    return std::exchange(paths_, {});
  }

  int threads = 3;
  std::chrono::microseconds delay{0};
  std::function<void(const ImageInput&)> on_encode;

 private:
  ImageResult encode(const ImageInput& input) {
    {
      std::lock_guard lock(mutex_);
      paths_.push_back(input.path);
    }
    if (on_encode) on_encode(input);
    std::this_thread::sleep_for(delay);
    std::string bytes(reinterpret_cast<const char*>(input.bytes.data()), input.bytes.size());
    if (input.picture) bytes.assign(input.picture->rgb.begin(), input.picture->rgb.end());
    auto error = [&](ErrorCode code) { return ImageResult{input.id, Error(code, input.path + ": bad on purpose")}; };
    if (bytes.starts_with("corrupt")) return error(ErrorCode::kCorrupt);
    if (bytes.starts_with("unsupported")) return error(ErrorCode::kUnsupported);
    if (bytes.starts_with("secret")) return error(ErrorCode::kUnreadable);
    if (bytes.starts_with("throw")) throw std::runtime_error("broken on purpose");
    Embedding embedding = embed(bytes);
    if (bytes.starts_with("odd")) embedding[0] = std::numeric_limits<float>::quiet_NaN();
    return {input.id, EncodedImage{embedding, 40, 30}};
  }

  EncoderInfo info_;
  std::mutex mutex_;
  std::vector<std::string> paths_;
};

}  // namespace clipseek::catalog

// The parts of a Model. Internal to clip/.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/serial_executor.h"
#include "clip/image_tower.h"
#include "clip/load_tokenizer.h"
#include "clip/model_config.h"
#include "clip/text_tower.h"
#include "clipseek/model.h"
#include "nn/safetensors.h"
#include "nn/workspace.h"

namespace clipseek::clip {

// A value that the first call of get() creates. Any thread may call get().
template <typename Value>
class Lazy {
 public:
  template <typename Make>
  Value& get(Make&& make) {
    std::lock_guard lock(mutex_);
    if (!value_) value_ = make();
    return *value_;
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<Value> value_;
};

struct ModelParts {
  // Reads and checks everything except the weights' values. Throws the Errors of Model::open.
  ModelParts(const std::filesystem::path& path, const ModelOptions& options);

  // The parts of an open model, for the benchmark.
  static ModelParts& of(Model& model) { return *model.parts_; }

  // The first call prepares the tower. Any thread.
  const ImageTower& prepared_image_tower();
  const TextTower& prepared_text_tower();

  // Take a workspace for a text and return it for reuse. Any thread.
  std::unique_ptr<nn::Workspace> take_workspace();
  void give_back(std::unique_ptr<nn::Workspace> workspace);

  // Fills `pixels` with the tower's input for the picture; the result has no embedding yet. Throws the picture's Error.
  EncodedImage load_picture(const ImageInput& input, std::span<float> pixels) const;

  ModelConfig config;
  nn::SafetensorsFile weights;
  LoadedTokenizer tokenizer;
  nn::Precision precision;
  EncoderInfo info;
  ModelDetails details;

  std::atomic<int> running_calls = 0;    // of encode_images and encode_tokens
  base::SerialExecutor openmp_executor;  // runs products that several OpenMP threads share

 private:
  Lazy<TextTower> text_tower_;
  Lazy<ImageTower> image_tower_;
  std::mutex workspace_mutex_;
  std::vector<std::unique_ptr<nn::Workspace>> idle_workspaces_;
};

// Returns how many pictures a worker encodes at once: enough rows for oneDNN's full rate, few enough to stay in the
// cache.
int images_per_batch(const ImageTowerConfig& config);

}  // namespace clipseek::clip

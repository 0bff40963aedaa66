// Start here: a CLIP checkpoint that encodes pictures and sentences on this machine.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "clip/encoder.h"
#include "clip/model_config.h"
#include "text/tokenizer.h"

namespace clipseek {

enum class PrecisionChoice {
  kAuto,  // bf16 where the CPU has it natively, else f32
  kF32,
  kBf16,
};

struct ModelOptions {
  PrecisionChoice precision = PrecisionChoice::kAuto;
  int workers = 0;  // threads that encode pictures; 0: one per core
};

class ImageTower;

class Model : public Encoder {
 public:
  // Opens a checkpoint folder: reads its configs and vocabulary and checks the header of its weights. Each tower's
  // weights are prepared when it is first used. Throws Error naming the file, tensor or config member that is wrong.
  static std::unique_ptr<Model> open(const std::filesystem::path& folder, const ModelOptions& options = {});
  ~Model() override;

  const EncoderInfo& info() const override;
  // Unlike another Encoder's, also several calls at once, from any threads.
  void encode_images(const NextImage& next, const ImageDone& done) override;
  Embedding encode_text(std::string_view text) override;

  // The ids that encode_text computes with: start token to end token, cut to the context. Any thread.
  std::vector<TokenId> tokenize(std::string_view text) const;

  // The embedding, of unit length, of ids within the vocabulary, at most the context. Any thread.
  Embedding encode_tokens(std::span<const TokenId> ids);

  const ModelConfig& config() const;
  Precision precision() const;  // what kAuto became
  int workers() const;
  const std::filesystem::path& folder() const;
  const ImageTower& image_tower();  // prepared by the first call; any thread

 private:
  struct Impl;
  explicit Model(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Pictures a worker encodes at once: enough rows for oneDNN to run at full rate, few enough to stay in the cache.
int images_per_batch(const ImageTowerConfig& config);

}  // namespace clipseek

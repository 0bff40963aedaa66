#include "clip/model_parts.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/mapped_file.h"
#include "base/parallel.h"
#include "clip/checkpoint.h"
#include "clip/fingerprint.h"
#include "image/limits.h"
#include "nn/hardware.h"

namespace clipseek::clip {
namespace {

nn::Precision choose(PrecisionChoice choice) {
  if (choice == PrecisionChoice::kAuto) return nn::has_native_bf16() ? nn::Precision::kBf16 : nn::Precision::kF32;
  if (choice == PrecisionChoice::kF32) return nn::Precision::kF32;
  if (!nn::supports(nn::Precision::kBf16)) {
    throw Error(ErrorCode::kUnsupported, "precision bf16 needs a CPU with AVX-512; use f32 or auto");
  }
  return nn::Precision::kBf16;
}

// Returns twice the side of the model's input, so that the bicubic filter still averages pixels after a decoding at a
// reduced scale.
int min_short_side(const ModelConfig& config) {
  return 2 * config.preprocess.resize;
}

// As load_picture, for pixels that the caller has.
EncodedImage use_picture(const Picture& picture, const std::string& name, const image::PreprocessConfig& config,
                         std::span<float> pixels) {
  try {
    image::preprocess(picture, config, pixels);
  } catch (const Error& error) {
    throw Error(error.code(), name + ": " + error.what());
  }
  if (picture.original_width == 0) return {{}, picture.width, picture.height};
  return {{}, picture.original_width, picture.original_height};
}

}  // namespace

ModelParts::ModelParts(const std::filesystem::path& path, const ModelOptions& options)
    : config(read_model_config(path)),
      weights(path / weight_file_name(config.layout)),
      tokenizer(load_tokenizer(path, config)),
      precision(choose(options.precision)) {
  find_text_tower(weights, config);   // both check names and shapes, so that a
  find_image_tower(weights, config);  // damaged model is refused before any work
  std::error_code unresolved;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, unresolved);
  info.name = (unresolved ? path : real).filename().string();
  info.dimension = config.projection;
  info.logit_scale = read_logit_scale(weights);
  info.fingerprint = model_fingerprint(config, weights, tokenizer.digest);
  details.folder = path;
  details.family = layout_name(config.layout);
  details.precision = precision == nn::Precision::kF32 ? "f32" : "bf16";
  details.workers = options.workers > 0 ? options.workers : base::available_cores();
  details.input_side = config.preprocess.crop;
  details.context = config.text.context;
  details.min_short_side = min_short_side(config);
}

const ImageTower& ModelParts::prepared_image_tower() {
  return image_tower_.get([&] { return std::make_unique<ImageTower>(weights, config, precision); });
}

const TextTower& ModelParts::prepared_text_tower() {
  return text_tower_.get([&] { return std::make_unique<TextTower>(weights, config, precision); });
}

std::unique_ptr<nn::Workspace> ModelParts::take_workspace() {
  std::lock_guard lock(workspace_mutex_);
  if (idle_workspaces_.empty()) return std::make_unique<nn::Workspace>();
  std::unique_ptr<nn::Workspace> taken = std::move(idle_workspaces_.back());
  idle_workspaces_.pop_back();
  return taken;
}

void ModelParts::give_back(std::unique_ptr<nn::Workspace> workspace) {
  std::lock_guard lock(workspace_mutex_);
  idle_workspaces_.push_back(std::move(workspace));
}

EncodedImage ModelParts::load_picture(const ImageInput& input, std::span<float> pixels) const {
  if (input.picture) return use_picture(*input.picture, input.path, config.preprocess, pixels);
  std::vector<std::byte> from_file;
  if (input.bytes.empty()) from_file = base::read_file(input.path, image::kMaxPictureBytes);
  DecodeOptions options;
  options.max_pixels = input.max_pixels;
  options.min_short_side = min_short_side(config);
  Picture picture = decode_picture(input.bytes.empty() ? from_file : input.bytes, input.path, options);
  image::preprocess(picture, config.preprocess, pixels);
  return {{}, picture.original_width, picture.original_height};
}

int images_per_batch(const ImageTowerConfig& config) {
  constexpr int kRows = 800;  // 16 pictures of ViT-B/32
  return std::clamp(kRows / config.tokens(), 1, 16);
}

}  // namespace clipseek::clip

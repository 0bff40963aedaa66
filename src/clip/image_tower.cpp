#include "clip/image_tower.h"

#include <algorithm>

#include "nn/kernels.h"

namespace clipseek {
namespace {

constexpr LinearOptions kHead{Precision::kF32, Precision::kF32, Activation::kNone, false};

std::vector<float> add(std::vector<float> a, std::span<const float> b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

// pixels [3, S, S] to rows [patches, 3 * P * P]: each patch as the convolution's kernel lies in memory.
void cut_patches(const float* pixels, int side, int patch, float* rows) {
  int across = side / patch;
  for (int py = 0; py < across; ++py) {
    for (int px = 0; px < across; ++px) {
      for (int channel = 0; channel < 3; ++channel) {
        for (int y = 0; y < patch; ++y, rows += patch) {
          std::copy_n(pixels + (channel * side + py * patch + y) * side + px * patch, patch, rows);
        }
      }
    }
  }
}

}  // namespace

ImageTower::ImageTower(const SafetensorsFile& file, const ModelConfig& config, Precision precision)
    : ImageTower(find_image_tower(file, config), config, precision) {}

ImageTower::ImageTower(const ImageTensors& tensors, const ModelConfig& config, Precision precision)
    : config_(config.image),
      projection_width_(config.projection),
      precision_(precision),
      positions_(to_f32(*tensors.positions)),
      pre_weight_(to_f32(*tensors.pre_norm_weight)),
      pre_bias_(to_f32(*tensors.pre_norm_bias)),
      post_weight_(to_f32(*tensors.post_norm_weight)),
      post_bias_(to_f32(*tensors.post_norm_bias)),
      patches_(to_f32(*tensors.patches), {}, 3 * config.image.patch * config.image.patch,
               config.image.transformer.width, {precision, Precision::kF32, Activation::kNone, false}),
      transformer_(config.image.transformer, tensors.layers, precision),
      projection_(to_f32(*tensors.projection), {}, config.image.transformer.width, config.projection, kHead) {
  class_token_ = add(to_f32(*tensors.class_embedding), positions_);
}

void ImageTower::embed_patches(Workspace& workspace, std::span<const float> pixels, int images, float* x) const {
  const int count = config_.patches();
  const std::size_t width = static_cast<std::size_t>(config_.transformer.width);
  const std::size_t row = static_cast<std::size_t>(patches_.inputs());
  const std::size_t picture = pixels.size() / static_cast<std::size_t>(images);
  const std::size_t rows = static_cast<std::size_t>(images) * static_cast<std::size_t>(count);
  auto* cut = static_cast<float*>(workspace.hidden.get(rows * row * sizeof(float)));
  for (std::size_t b = 0; b < static_cast<std::size_t>(images); ++b) {
    cut_patches(pixels.data() + b * picture, config_.image, config_.patch,
                cut + b * static_cast<std::size_t>(count) * row);
  }
  const void* input = cut;
  if (precision_ == Precision::kBf16) {
    auto* narrow = static_cast<std::uint16_t*>(workspace.normed.get(rows * row * 2));
    to_bf16(cut, rows * row, narrow);
    input = narrow;
  }
  auto* embedded = static_cast<float*>(workspace.mixed.get(rows * width * sizeof(float)));
  patches_.run(workspace, input, static_cast<int>(rows), embedded);
  for (int b = 0; b < images; ++b) {
    x = std::copy(class_token_.begin(), class_token_.end(), x);
    const float* position = positions_.data() + width;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count) * width; ++i) *x++ = *embedded++ + position[i];
  }
}

std::vector<Embedding> ImageTower::encode(Workspace& workspace, std::span<const float> pixels, int images) const {
  const int width = config_.transformer.width;
  const int tokens = config_.tokens();
  const std::size_t sequence = static_cast<std::size_t>(tokens) * static_cast<std::size_t>(width);
  auto* x = static_cast<float*>(workspace.stream_rows.get(static_cast<std::size_t>(images) * sequence * sizeof(float)));
  embed_patches(workspace, pixels, images, x);
  layer_norm(x, images * tokens, width, pre_weight_, pre_bias_, config_.transformer.epsilon, Precision::kF32, x);
  transformer_.run(workspace, x, images, tokens);
  std::vector<Embedding> embeddings;
  for (int b = 0; b < images; ++b) {
    float* feature = x + static_cast<std::size_t>(b) * sequence;  // the class token
    layer_norm(feature, 1, width, post_weight_, post_bias_, config_.transformer.epsilon, Precision::kF32, feature);
    Embedding& embedding = embeddings.emplace_back(static_cast<std::size_t>(projection_width_));
    projection_.run(workspace, feature, 1, embedding.data());
    normalize(embedding);
  }
  return embeddings;
}

double ImageTower::operations() const {
  const double w = config_.transformer.width;
  const double t = config_.tokens();
  const double layer = t * w * (4 * w + 2 * config_.transformer.hidden) + 2 * t * t * w;
  const double patches = static_cast<double>(config_.patches()) * patches_.inputs() * w;
  return 2 * (config_.transformer.layers * layer + patches + w * projection_width_);
}

}  // namespace clipseek

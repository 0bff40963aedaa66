#include "clip/image_tower.h"

#include <algorithm>

#include "nn/kernels.h"

namespace clipseek::clip {
namespace {

// The first row of the position embedding belongs to the class token, if the tower has one.
std::vector<float> class_row(const ImageTensors& tensors) {
  if (!tensors.class_embedding) return {};
  std::vector<float> token = nn::to_f32(*tensors.class_embedding);
  std::vector<float> position(token.size());
  nn::to_f32(tensors.positions, 0, position);
  for (std::size_t i = 0; i < token.size(); ++i) token[i] += position[i];
  return token;
}

std::vector<float> patch_rows(const ImageTensors& tensors) {
  std::int64_t first = tensors.class_embedding ? tensors.positions.shape[1] : 0;
  std::vector<float> rows(static_cast<std::size_t>(tensors.positions.elements() - first));
  nn::to_f32(tensors.positions, first, rows);
  return rows;
}

std::vector<float> values_or_none(const std::optional<nn::TensorView>& tensor) {
  return tensor ? nn::to_f32(*tensor) : std::vector<float>{};
}

// Copies pixels [3, S, S] to rows [patches, 3 * P * P]: each patch in the order of the convolution kernel's weights.
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

ImageTower::ImageTower(const nn::SafetensorsFile& file, const ModelConfig& config, nn::Precision precision)
    : ImageTower(find_image_tower(file, config), file.path(), config, precision) {}

ImageTower::ImageTower(const ImageTensors& tensors, const std::filesystem::path& weights, const ModelConfig& config,
                       nn::Precision precision)
    : weights_(weights),
      config_(config.image),
      embedding_width_(config.projection),
      precision_(precision),
      class_token_(class_row(tensors)),
      positions_(patch_rows(tensors)),
      pre_gamma_(tensors.pre_norm ? nn::to_f32(tensors.pre_norm->weight) : std::vector<float>{}),
      pre_beta_(tensors.pre_norm ? nn::to_f32(tensors.pre_norm->bias) : std::vector<float>{}),
      post_gamma_(nn::to_f32(tensors.post_norm.weight)),
      post_beta_(nn::to_f32(tensors.post_norm.bias)),
      patches_(nn::to_f32(tensors.patches), values_or_none(tensors.patch_bias),
               3 * config.image.patch * config.image.patch, config.image.transformer.width,
               {precision, nn::Precision::kF32, nn::Activation::kNone, false}),
      transformer_(config.image.transformer, tensors.layers, precision),
      projection_(make_projection(tensors.projection, config.image.transformer.width, config.projection)) {
  if (tensors.pool) pool_.emplace(config.image.transformer, *tensors.pool, precision);
}

void ImageTower::embed_patches(nn::Workspace& workspace, std::span<const float> pixels, int images, float* x) const {
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
  if (precision_ == nn::Precision::kBf16) {
    auto* narrow = static_cast<std::uint16_t*>(workspace.normed.get(rows * row * 2));
    nn::to_bf16(cut, rows * row, narrow);
    input = narrow;
  }
  auto* embedded = static_cast<float*>(workspace.mixed.get(rows * width * sizeof(float)));
  patches_.run(workspace, input, static_cast<int>(rows), embedded);
  for (int b = 0; b < images; ++b) {
    x = std::copy(class_token_.begin(), class_token_.end(), x);
    for (float position : positions_) *x++ = *embedded++ + position;
  }
}

std::vector<float> ImageTower::pool_tokens(nn::Workspace& workspace, const float* x, int images) const {
  const int width = config_.transformer.width;
  const float epsilon = config_.transformer.epsilon;
  const std::size_t row = static_cast<std::size_t>(width);
  const std::size_t tokens = static_cast<std::size_t>(config_.tokens());
  std::vector<float> features(static_cast<std::size_t>(images) * row);
  if (pool_) {
    const int rows = images * config_.tokens();
    void* normed = workspace.normed.get(static_cast<std::size_t>(rows) * row * nn::element_size(precision_));
    nn::layer_norm(x, rows, width, post_gamma_, post_beta_, epsilon, precision_, normed);
    pool_->run(workspace, normed, images, config_.tokens(), features.data());
    return features;
  }
  for (std::size_t b = 0; b < static_cast<std::size_t>(images); ++b) {
    nn::layer_norm(x + b * tokens * row, 1, width, post_gamma_, post_beta_, epsilon, nn::Precision::kF32,
                   features.data() + b * row);
  }
  return features;
}

std::vector<Embedding> ImageTower::encode(nn::Workspace& workspace, std::span<const float> pixels, int images) const {
  const int width = config_.transformer.width;
  const int rows = images * config_.tokens();
  const std::size_t elements = static_cast<std::size_t>(rows) * static_cast<std::size_t>(width);
  auto* x = static_cast<float*>(workspace.stream_rows.get(elements * sizeof(float)));
  embed_patches(workspace, pixels, images, x);
  if (!pre_gamma_.empty()) {
    nn::layer_norm(x, rows, width, pre_gamma_, pre_beta_, config_.transformer.epsilon, nn::Precision::kF32, x);
  }
  transformer_.run(workspace, x, images, config_.tokens());
  std::vector<float> features = pool_tokens(workspace, x, images);
  std::vector<Embedding> embeddings;
  for (std::size_t b = 0; b < static_cast<std::size_t>(images); ++b) {
    const float* feature = features.data() + b * static_cast<std::size_t>(width);
    Embedding& embedding = embeddings.emplace_back(feature, feature + width);
    if (projection_) {
      embedding.resize(static_cast<std::size_t>(embedding_width_));
      projection_->run(workspace, feature, 1, embedding.data());
    }
    to_unit_length(embedding, weights_);
  }
  return embeddings;
}

double ImageTower::operations() const {
  const double w = config_.transformer.width;
  const double t = config_.tokens();
  const double layer = t * w * (4 * w + 2 * config_.transformer.hidden) + 2 * t * t * w;
  const double patches = static_cast<double>(config_.patches()) * patches_.inputs() * w;
  return 2 * (config_.transformer.layers * layer + patches + w * embedding_width_);
}

}  // namespace clipseek::clip

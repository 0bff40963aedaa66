#include "clip/text_tower.h"

#include <algorithm>
#include <string>

#include "clipseek/error.h"
#include "nn/kernels.h"

namespace clipseek::clip {
namespace {

std::vector<float> values_or_none(const std::optional<nn::NormTensors>& norm, nn::TensorView nn::NormTensors::*member) {
  return norm ? nn::to_f32((*norm).*member) : std::vector<float>{};
}

// Returns the position embedding. Where the tower has token types, the type of a single sentence is added to every row.
std::vector<float> position_rows(const TextTensors& tensors) {
  std::vector<float> rows = nn::to_f32(tensors.positions);
  if (!tensors.token_types) return rows;
  std::vector<float> type(static_cast<std::size_t>(tensors.positions.shape[1]));
  nn::to_f32(*tensors.token_types, 0, type);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] += type[i % type.size()];
  return rows;
}

// Ids may come from outside, through Model::encode_tokens.
void require_tokens(std::span<const text::TokenId> ids, const TextTowerConfig& config) {
  if (ids.empty() || ids.size() > static_cast<std::size_t>(config.context)) {
    throw Error(ErrorCode::kInvalidArgument,
                std::to_string(ids.size()) + " tokens, where the model takes 1 to " + std::to_string(config.context));
  }
  for (text::TokenId id : ids) {
    if (id < 0 || id >= config.vocabulary) {
      throw Error(ErrorCode::kInvalidArgument, "the token id " + std::to_string(id) + " is not in the vocabulary of " +
                                                   std::to_string(config.vocabulary));
    }
  }
}

}  // namespace

std::size_t end_position(std::span<const text::TokenId> ids, int end_token) {
  constexpr int kStatedByOldConverters = 2;
  auto found = end_token == kStatedByOldConverters ? std::max_element(ids.begin(), ids.end())
                                                   : std::find(ids.begin(), ids.end(), end_token);
  if (found == ids.end()) return ids.size() - 1;
  return static_cast<std::size_t>(found - ids.begin());
}

TextTower::TextTower(const nn::SafetensorsFile& file, const ModelConfig& config, nn::Precision precision)
    : TextTower(find_text_tower(file, config), file.path(), config, precision) {}

TextTower::TextTower(const TextTensors& tensors, const std::filesystem::path& weights, const ModelConfig& config,
                     nn::Precision precision)
    : weights_(weights),
      config_(config.text),
      precision_(precision),
      token_embedding_(tensors.tokens),
      positions_(position_rows(tensors)),
      embedding_gamma_(values_or_none(tensors.embedding_norm, &nn::NormTensors::weight)),
      embedding_beta_(values_or_none(tensors.embedding_norm, &nn::NormTensors::bias)),
      final_gamma_(values_or_none(tensors.final_norm, &nn::NormTensors::weight)),
      final_beta_(values_or_none(tensors.final_norm, &nn::NormTensors::bias)),
      transformer_(config.text.transformer, tensors.layers, precision),
      projection_(make_projection(tensors.projection, config.text.transformer.width, config.projection)) {}

// Returns [ids, W]: the sums of token and position embeddings, normalised where the tower has such a norm.
std::vector<float> TextTower::embed(std::span<const text::TokenId> ids) const {
  const std::size_t width = static_cast<std::size_t>(config_.transformer.width);
  std::vector<float> x(ids.size() * width);
  for (std::size_t t = 0; t < ids.size(); ++t) {
    std::span<float> row(x.data() + t * width, width);
    nn::to_f32(token_embedding_, static_cast<std::int64_t>(ids[t]) * config_.transformer.width, row);
    for (std::size_t i = 0; i < width; ++i) row[i] += positions_[t * width + i];
  }
  if (!embedding_gamma_.empty()) {
    nn::layer_norm(x.data(), static_cast<int>(ids.size()), config_.transformer.width, embedding_gamma_, embedding_beta_,
                   config_.transformer.epsilon, nn::Precision::kF32, x.data());
  }
  return x;
}

Embedding TextTower::encode(nn::Workspace& workspace, std::span<const text::TokenId> ids) const {
  require_tokens(ids, config_);
  std::vector<text::TokenId> padded;
  if (config_.pad_token >= 0) {
    padded.assign(ids.begin(), ids.end());
    padded.resize(static_cast<std::size_t>(config_.context), config_.pad_token);
    ids = padded;
  }
  std::size_t position = 0;
  if (config_.pooling == TextPooling::kLastPosition) position = ids.size() - 1;
  if (config_.pooling == TextPooling::kEndToken) {
    position = end_position(ids, config_.end_token);
    ids = ids.first(position + 1);
  }
  std::vector<float> x = embed(ids);
  transformer_.run(workspace, x.data(), 1, static_cast<int>(ids.size()));
  float* feature = x.data() + position * static_cast<std::size_t>(config_.transformer.width);
  if (!final_gamma_.empty()) {
    nn::layer_norm(feature, 1, config_.transformer.width, final_gamma_, final_beta_, config_.transformer.epsilon,
                   nn::Precision::kF32, feature);
  }
  Embedding embedding(static_cast<std::size_t>(projection_->outputs()));
  projection_->run(workspace, feature, 1, embedding.data());
  to_unit_length(embedding, weights_);
  return embedding;
}

std::size_t TextTower::weight_bytes() const {
  const auto w = static_cast<std::size_t>(config_.transformer.width);
  const auto hidden = static_cast<std::size_t>(config_.transformer.hidden);
  const std::size_t weights = static_cast<std::size_t>(config_.transformer.layers) * w * (4 * w + 2 * hidden);
  return weights * (precision_ == nn::Precision::kBf16 ? 2 : 4);
}

}  // namespace clipseek::clip

#include "clip/text_tower.h"

#include <algorithm>

#include "base/error.h"
#include "nn/kernels.h"

namespace clipseek {
namespace {

// The head of a tower runs in f32 at either precision: it is a thousandth of the work and ends in the result.
constexpr LinearOptions kHead{Precision::kF32, Precision::kF32, Activation::kNone, false};

}  // namespace

std::size_t end_position(std::span<const TokenId> ids, int end_token) {
  constexpr int kStatedByOldConverters = 2;
  auto found = end_token == kStatedByOldConverters ? std::max_element(ids.begin(), ids.end())
                                                   : std::find(ids.begin(), ids.end(), end_token);
  if (found == ids.end()) return ids.size() - 1;
  return static_cast<std::size_t>(found - ids.begin());
}

TextTower::TextTower(const SafetensorsFile& file, const ModelConfig& config, Precision precision)
    : TextTower(find_text_tower(file, config), config, precision) {}

TextTower::TextTower(const TextTensors& tensors, const ModelConfig& config, Precision precision)
    : token_embedding_(*tensors.tokens),
      config_(config.text),
      positions_(to_f32(*tensors.positions)),
      norm_weight_(to_f32(*tensors.final_norm_weight)),
      norm_bias_(to_f32(*tensors.final_norm_bias)),
      transformer_(config.text.transformer, tensors.layers, precision),
      projection_(to_f32(*tensors.projection), {}, config.text.transformer.width, config.projection, kHead) {}

Embedding TextTower::encode(Workspace& workspace, std::span<const TokenId> ids) const {
  std::size_t end = end_position(ids, config_.end_token);
  std::size_t tokens = end + 1;
  std::size_t width = static_cast<std::size_t>(config_.transformer.width);
  if (tokens > static_cast<std::size_t>(config_.context)) {
    throw Error(ErrorCode::kInternal, "more tokens than the text tower has positions");
  }
  std::vector<float> x(tokens * width);
  for (std::size_t t = 0; t < tokens; ++t) {
    if (ids[t] < 0 || ids[t] >= config_.vocabulary) throw Error(ErrorCode::kInternal, "token id out of range");
    std::span<float> row(x.data() + t * width, width);
    to_f32(token_embedding_, static_cast<std::int64_t>(ids[t]) * config_.transformer.width, row);
    for (std::size_t i = 0; i < width; ++i) row[i] += positions_[t * width + i];
  }
  transformer_.run(workspace, x.data(), 1, static_cast<int>(tokens));
  float* feature = x.data() + end * width;
  layer_norm(feature, 1, config_.transformer.width, norm_weight_, norm_bias_, config_.transformer.epsilon,
             Precision::kF32, feature);
  Embedding embedding(static_cast<std::size_t>(projection_.outputs()));
  projection_.run(workspace, feature, 1, embedding.data());
  normalize(embedding);
  return embedding;
}

}  // namespace clipseek

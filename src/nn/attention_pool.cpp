#include "nn/attention_pool.h"

#include <algorithm>
#include <cmath>

#include "base/multiversion.h"
#include "nn/kernels.h"

namespace clipseek::nn {
namespace {

// Everything except the keys and values is computed in f32, because it is only one row for each picture.
constexpr LinearOptions kExact{Precision::kF32, Precision::kF32, Activation::kNone, false};

std::vector<float> project(const LinearTensors& tensors, const TensorView& x) {
  std::vector<float> weight = to_f32(tensors.weight);
  std::vector<float> y = to_f32(tensors.bias);
  std::vector<float> input = to_f32(x);
  for (std::size_t o = 0; o < y.size(); ++o) {
    for (std::size_t i = 0; i < input.size(); ++i) y[o] += weight[o * input.size() + i] * input[i];
  }
  return y;
}

std::vector<float> concatenated(const TensorView& first, const TensorView& second) {
  std::vector<float> both = to_f32(first);
  std::vector<float> rest = to_f32(second);
  both.insert(both.end(), rest.begin(), rest.end());
  return both;
}

CLIPSEEK_MULTIVERSION float dot(const float* a, const float* b, int count) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int i = 0; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

CLIPSEEK_MULTIVERSION void add_scaled(const float* x, float scale, int count, float* y) {
  for (int i = 0; i < count; ++i) y[i] += scale * x[i];
}

}  // namespace

AttentionPool::AttentionPool(const TransformerConfig& config, const AttentionPoolTensors& tensors, Precision precision)
    : config_(config),
      query_(project(tensors.q, tensors.probe)),
      gamma_(to_f32(tensors.norm.weight)),
      beta_(to_f32(tensors.norm.bias)),
      keys_values_(concatenated(tensors.k.weight, tensors.v.weight), concatenated(tensors.k.bias, tensors.v.bias),
                   config.width, 2 * config.width, {precision, Precision::kF32, Activation::kNone, false}),
      out_(make_linear(tensors.out, config.width, config.width, kExact)),
      fc1_(make_linear(tensors.fc1, config.width, config.hidden,
                       {Precision::kF32, Precision::kF32, config.activation, false})),
      fc2_(make_linear(tensors.fc2, config.hidden, config.width,
                       {Precision::kF32, Precision::kF32, Activation::kNone, true})) {}

// Computes the attention for one picture. keys_values: [T, 2 W], each row key, value; mixed: [W].
void AttentionPool::attend(const float* keys_values, int tokens, float* mixed) const {
  const int depth = config_.width / config_.heads;
  const std::size_t row = 2 * static_cast<std::size_t>(config_.width);
  const float scale = 1.0F / std::sqrt(static_cast<float>(depth));
  std::vector<float> scores(static_cast<std::size_t>(tokens));
  std::vector<float> weights(scores.size());
  std::fill_n(mixed, config_.width, 0.0F);
  for (int offset = 0; offset < config_.width; offset += depth) {
    for (std::size_t t = 0; t < scores.size(); ++t) {
      scores[t] = dot(query_.data() + offset, keys_values + t * row + offset, depth);
    }
    softmax(scores.data(), 1, tokens, scale, 0, Precision::kF32, weights.data());
    for (std::size_t t = 0; t < scores.size(); ++t) {
      add_scaled(keys_values + t * row + config_.width + offset, weights[t], depth, mixed + offset);
    }
  }
}

void AttentionPool::run(Workspace& workspace, const void* x, int images, int tokens, float* out) const {
  const std::size_t width = static_cast<std::size_t>(config_.width);
  const std::size_t rows = static_cast<std::size_t>(images) * static_cast<std::size_t>(tokens);
  auto* keys_values = static_cast<float*>(workspace.qkv.get(rows * 2 * width * sizeof(float)));
  keys_values_.run(workspace, x, static_cast<int>(rows), keys_values);
  std::vector<float> mixed(static_cast<std::size_t>(images) * width);
  for (std::size_t b = 0; b < static_cast<std::size_t>(images); ++b) {
    attend(keys_values + b * static_cast<std::size_t>(tokens) * 2 * width, tokens, mixed.data() + b * width);
  }
  out_.run(workspace, mixed.data(), images, out);
  layer_norm(out, images, config_.width, gamma_, beta_, config_.epsilon, Precision::kF32, mixed.data());
  std::vector<float> hidden(static_cast<std::size_t>(images) * static_cast<std::size_t>(config_.hidden));
  fc1_.run(workspace, mixed.data(), images, hidden.data());
  fc2_.run(workspace, hidden.data(), images, out);
}

}  // namespace clipseek::nn

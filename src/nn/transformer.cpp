#include "nn/transformer.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>

#include "base/thread_pool.h"
#include "nn/attention.h"
#include "nn/kernels.h"

namespace clipseek {
namespace {

// The rows of several tensors below each other: Q, K and V become one product.
std::vector<float> stack(std::initializer_list<const TensorView*> tensors) {
  std::vector<float> all;
  for (const TensorView* tensor : tensors) {
    std::size_t start = all.size();
    all.resize(start + static_cast<std::size_t>(tensor->elements()));
    to_f32(*tensor, 0, std::span(all).subspan(start));
  }
  return all;
}

struct Norm {
  std::vector<float> gamma, beta;
};

struct Layer {
  Norm norm1, norm2;
  Linear qkv, out, fc1, fc2;

  Layer(const TransformerConfig& config, const LayerTensors& t, Precision precision)
      : norm1{to_f32(*t.norm1_weight), to_f32(*t.norm1_bias)},
        norm2{to_f32(*t.norm2_weight), to_f32(*t.norm2_bias)},
        qkv(stack({t.q_weight, t.k_weight, t.v_weight}), stack({t.q_bias, t.k_bias, t.v_bias}), config.width,
            3 * config.width, {precision, precision, Activation::kNone, false}),
        out(to_f32(*t.out_weight), to_f32(*t.out_bias), config.width, config.width,
            {precision, Precision::kF32, Activation::kNone, true}),
        fc1(to_f32(*t.fc1_weight), to_f32(*t.fc1_bias), config.width, config.hidden,
            {precision, precision, config.activation, false}),
        fc2(to_f32(*t.fc2_weight), to_f32(*t.fc2_bias), config.hidden, config.width,
            {precision, Precision::kF32, Activation::kNone, true}) {}
};

}  // namespace

struct Transformer::Impl {
  TransformerConfig config;
  Precision precision;
  Attention attention;
  std::vector<std::optional<Layer>> layers;

  void run_layer(const Layer& layer, Workspace& workspace, float* x, int sequences, int tokens) const {
    int rows = sequences * tokens;
    std::size_t elements = static_cast<std::size_t>(rows) * static_cast<std::size_t>(config.width);
    std::size_t size = element_size(precision);
    void* normed = workspace.normed.get(elements * size);
    void* qkv = workspace.qkv.get(3 * elements * size);
    void* mixed = workspace.mixed.get(elements * size);
    void* hidden =
        workspace.hidden.get(static_cast<std::size_t>(rows) * static_cast<std::size_t>(config.hidden) * size);

    layer_norm(x, rows, config.width, layer.norm1.gamma, layer.norm1.beta, config.epsilon, precision, normed);
    layer.qkv.run(workspace, normed, rows, qkv);
    attention.run(workspace, qkv, sequences, tokens, mixed);
    layer.out.run(workspace, mixed, rows, x);
    layer_norm(x, rows, config.width, layer.norm2.gamma, layer.norm2.beta, config.epsilon, precision, normed);
    layer.fc1.run(workspace, normed, rows, hidden);
    layer.fc2.run(workspace, hidden, rows, x);
  }
};

Transformer::Transformer(const TransformerConfig& config, const std::vector<LayerTensors>& layers, Precision precision)
    : impl_(new Impl{config, precision, Attention(config.width, config.heads, config.causal, precision), {}}) {
  impl_->layers.resize(layers.size());
  std::atomic<std::size_t> next = 0;
  int workers = std::min(available_cores(), static_cast<int>(layers.size()));
  run_workers(std::max(1, workers), [&](int) {
    for (std::size_t i = next++; i < layers.size(); i = next++) impl_->layers[i].emplace(config, layers[i], precision);
  });
}

Transformer::~Transformer() = default;

void Transformer::run(Workspace& workspace, float* x, int sequences, int tokens) const {
  for (const std::optional<Layer>& layer : impl_->layers) {
    impl_->run_layer(*layer, workspace, x, sequences, tokens);
  }
}

}  // namespace clipseek

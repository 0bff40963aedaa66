#include "nn/transformer.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>

#include "base/parallel.h"
#include "nn/attention.h"
#include "nn/kernels.h"

namespace clipseek::nn {
namespace {

// Stacks the rows of several tensors, so that Q, K and V become one product.
std::vector<float> stack(std::initializer_list<TensorView> tensors) {
  std::vector<float> all;
  for (const TensorView& tensor : tensors) {
    std::size_t start = all.size();
    all.resize(start + static_cast<std::size_t>(tensor.elements()));
    to_f32(tensor, 0, std::span(all).subspan(start));
  }
  return all;
}

struct Norm {
  std::vector<float> gamma, beta;
  explicit Norm(const NormTensors& tensors) : gamma(to_f32(tensors.weight)), beta(to_f32(tensors.bias)) {}
};

struct Layer {
  Norm norm1, norm2;
  Linear qkv, out, fc1, fc2;

  Layer(const TransformerConfig& config, const LayerTensors& t, Precision precision)
      : norm1(t.norm1),
        norm2(t.norm2),
        qkv(stack({t.q.weight, t.k.weight, t.v.weight}), stack({t.q.bias, t.k.bias, t.v.bias}), config.width,
            3 * config.width, {precision, precision, Activation::kNone, false}),
        out(make_linear(t.out, config.width, config.width, {precision, Precision::kF32, Activation::kNone, true})),
        fc1(make_linear(t.fc1, config.width, config.hidden, {precision, precision, config.activation, false})),
        fc2(make_linear(t.fc2, config.hidden, config.width, {precision, Precision::kF32, Activation::kNone, true})) {}
};

}  // namespace

Linear make_linear(const LinearTensors& tensors, int inputs, int outputs, const LinearOptions& options) {
  return {to_f32(tensors.weight), to_f32(tensors.bias), inputs, outputs, options};
}

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

    const void* input = normed_input(layer.norm1, x, rows, normed);
    layer.qkv.run(workspace, input, rows, qkv);
    attention.run(workspace, qkv, sequences, tokens, mixed);
    layer.out.run(workspace, mixed, rows, x);
    norm_output(layer.norm1, x, rows);
    input = normed_input(layer.norm2, x, rows, normed);
    layer.fc1.run(workspace, input, rows, hidden);
    layer.fc2.run(workspace, hidden, rows, x);
    norm_output(layer.norm2, x, rows);
  }

  // Returns the input of a sub-layer: layer_norm(x) (pre-norm) or x itself (post-norm), in the products' precision.
  const void* normed_input(const Norm& norm, const float* x, int rows, void* normed) const {
    if (!config.post_norm) {
      layer_norm(x, rows, config.width, norm.gamma, norm.beta, config.epsilon, precision, normed);
      return normed;
    }
    if (precision == Precision::kF32) return x;
    std::size_t elements = static_cast<std::size_t>(rows) * static_cast<std::size_t>(config.width);
    to_bf16(x, elements, static_cast<std::uint16_t*>(normed));
    return normed;
  }

  void norm_output(const Norm& norm, float* x, int rows) const {
    if (!config.post_norm) return;
    layer_norm(x, rows, config.width, norm.gamma, norm.beta, config.epsilon, Precision::kF32, x);
  }
};

Transformer::Transformer(const TransformerConfig& config, const std::vector<LayerTensors>& layers, Precision precision)
    : impl_(new Impl{config, precision, Attention(config.width, config.heads, config.causal, precision), {}}) {
  impl_->layers.resize(layers.size());
  std::atomic<std::size_t> next = 0;
  int workers = std::min(base::available_cores(), static_cast<int>(layers.size()));
  base::run_workers(std::max(1, workers), [&](int) {
    for (std::size_t i = next++; i < layers.size(); i = next++) impl_->layers[i].emplace(config, layers[i], precision);
  });
}

Transformer::~Transformer() = default;

void Transformer::run(Workspace& workspace, float* x, int sequences, int tokens) const {
  for (const std::optional<Layer>& layer : impl_->layers) {
    impl_->run_layer(*layer, workspace, x, sequences, tokens);
  }
}

}  // namespace clipseek::nn

#include "nn/attention.h"

#include <cmath>
#include <map>
#include <mutex>
#include <shared_mutex>

#include "nn/kernels.h"
#include "nn/onednn.h"

namespace clipseek::nn {
namespace {

using dnnl::memory;

struct Product {
  dnnl::matmul primitive;
  memory::desc a, b, c, scratchpad;

  void run(Workspace& workspace, const void* left, const void* right, void* result) const {
    primitive.execute(workspace.stream().value,
                      {{DNNL_ARG_SRC, as_memory(a, left)},
                       {DNNL_ARG_WEIGHTS, as_memory(b, right)},
                       {DNNL_ARG_DST, as_memory(c, result)},
                       {DNNL_ARG_SCRATCHPAD, as_memory(scratchpad, workspace.scratchpad.get(scratchpad.get_size()))}});
  }
};

Product make_product(const memory::desc& a, const memory::desc& b, const memory::desc& c) {
  dnnl::matmul::primitive_desc described = describe_product(a, b, {}, c, shared_attributes());
  return {dnnl::matmul(described), a, b, c, described.scratchpad_desc()};
}

// The two products of one sequence, for one number of tokens.
struct Products {
  Product scores;  // [H, T, D] x [H, D, T]
  Product mix;     // [H, T, T] x [H, T, D]
};

Products make_products(memory::dim width, memory::dim heads, memory::dim tokens, Precision precision) {
  memory::dim depth = width / heads;
  memory::dim row = 3 * width;
  memory::data_type type = to_dnnl(precision);
  // The heads are adjacent in a row of qkv, so each operand is a strided view of it and nothing is copied.
  memory::desc query({heads, tokens, depth}, type, memory::dims{depth, row, 1});
  memory::desc key_transposed({heads, depth, tokens}, type, memory::dims{depth, 1, row});
  memory::desc scores({heads, tokens, tokens}, memory::data_type::f32, memory::format_tag::abc);
  memory::desc weights({heads, tokens, tokens}, type, memory::format_tag::abc);
  memory::desc value({heads, tokens, depth}, type, memory::dims{depth, row, 1});
  memory::desc mixed({heads, tokens, depth}, type, memory::dims{depth, width, 1});
  return {make_product(query, key_transposed, scores), make_product(weights, value, mixed)};
}

}  // namespace

struct Attention::Impl {
  int width;
  int heads;
  bool causal;
  Precision precision;
  std::shared_mutex mutex;
  std::map<int, Products> by_tokens;

  const Products& products(int tokens) {
    {
      std::shared_lock lock(mutex);
      auto found = by_tokens.find(tokens);
      if (found != by_tokens.end()) return found->second;
    }
    Products made = make_products(width, heads, tokens, precision);
    std::unique_lock lock(mutex);
    return by_tokens.emplace(tokens, std::move(made)).first->second;
  }
};

Attention::Attention(int width, int heads, bool causal, Precision precision)
    : impl_(new Impl{width, heads, causal, precision, {}, {}}) {}
Attention::~Attention() = default;

void Attention::run(Workspace& workspace, const void* qkv, int sequences, int tokens, void* out) const {
  const Products& products = impl_->products(tokens);
  std::size_t size = element_size(impl_->precision);
  std::size_t width = static_cast<std::size_t>(impl_->width) * size;
  std::size_t rows = static_cast<std::size_t>(tokens);
  std::size_t pairs = static_cast<std::size_t>(impl_->heads) * rows * rows;
  float scale = 1.0F / std::sqrt(static_cast<float>(impl_->width / impl_->heads));
  auto* scores = static_cast<float*>(workspace.scores.get(pairs * sizeof(float)));
  void* weights = workspace.weights.get(pairs * size);
  // One sequence at a time, so that its scores stay in the cache between the three steps.
  for (std::size_t sequence = 0; sequence < static_cast<std::size_t>(sequences); ++sequence) {
    const auto* query = static_cast<const std::byte*>(qkv) + sequence * rows * 3 * width;
    products.scores.run(workspace, query, query + width, scores);
    softmax(scores, impl_->heads * tokens, tokens, scale, impl_->causal ? tokens : 0, impl_->precision, weights);
    products.mix.run(workspace, weights, query + 2 * width, static_cast<std::byte*>(out) + sequence * rows * width);
  }
}

}  // namespace clipseek::nn

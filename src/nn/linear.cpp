#include "nn/linear.h"

#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <utility>

#include "clipseek/error.h"
#include "nn/onednn.h"
#include "nn/skinny_gemm.h"

namespace clipseek::nn {
namespace {

using dnnl::memory;

void add_activation(dnnl::post_ops& operations, Activation activation) {
  switch (activation) {
    case Activation::kNone:
      return;
    case Activation::kQuickGelu:
      append_activation(operations, dnnl::algorithm::eltwise_swish, 1.702F);
      return;
    case Activation::kGelu:
      append_activation(operations, dnnl::algorithm::eltwise_gelu_erf, 0.0F);
      return;
    case Activation::kGeluTanh:
      append_activation(operations, dnnl::algorithm::eltwise_gelu_tanh, 0.0F);
      return;
  }
}

dnnl::primitive_attr attributes_for(const LinearOptions& options) {
  dnnl::primitive_attr attributes = shared_attributes();
  dnnl::post_ops operations;
  add_activation(operations, options.activation);
  if (options.accumulate) operations.append_sum(1.0F);
  attributes.set_post_ops(operations);
  return attributes;
}

// The number of rows for which oneDNN chooses the weight layout; the choice depends only on inputs and outputs.
constexpr int kTypicalRows = 256;

}  // namespace

struct Linear::Impl {
  int inputs;
  int outputs;
  LinearOptions options;
  bool has_bias;
  memory::desc weight_desc;
  Buffer weight_bytes;
  memory weight;  // in weight_bytes
  memory bias;
  std::optional<SkinnyGemm> skinny_gemm;  // where this CPU and the weight's layout allow it

  struct Product {
    dnnl::matmul primitive;
    memory::desc x, y, scratchpad;
  };
  // One primitive for each number of rows and threads used so far: the batch sizes and text lengths in use.
  std::shared_mutex mutex;
  std::map<std::pair<int, int>, Product> products;

  dnnl::matmul::primitive_desc describe(int rows, const memory::desc& weights) const {
    memory::desc x = matrix(rows, inputs, to_dnnl(options.precision));
    memory::desc y = matrix(rows, outputs, to_dnnl(options.output));
    memory::desc b = has_bias ? matrix(1, outputs, memory::data_type::f32) : memory::desc();
    return describe_product(x, weights, b, y, attributes_for(options));
  }

  void prepare_skinny_gemm() {
    const bool paired = options.precision == Precision::kBf16;
    const memory::desc blocks({inputs, outputs}, to_dnnl(options.precision),
                              paired ? memory::format_tag::BA16a64b2a : memory::format_tag::BA16a64b);
    const bool padded = inputs % (paired ? 32 : 16) != 0 || outputs % kSkinnyGemmBlock != 0;
    if (padded || weight_desc != blocks || !SkinnyGemm::supports(options.precision)) return;
    const auto* biases = has_bias ? static_cast<const float*>(bias.get_data_handle()) : nullptr;
    skinny_gemm = SkinnyGemm{weight.get_data_handle(), biases, inputs, outputs, options};
  }

  const Product& product(int rows, int threads) {
    {
      std::shared_lock lock(mutex);
      auto found = products.find({rows, threads});
      if (found != products.end()) return found->second;
    }
    use_threads(threads);
    auto described = describe(rows, weight_desc);
    Product made{dnnl::matmul(described), described.src_desc(), described.dst_desc(), described.scratchpad_desc()};
    std::unique_lock lock(mutex);
    return products.emplace(std::pair(rows, threads), std::move(made))
        .first->second;  // references into a std::map stay valid
  }
};

Linear::Linear(std::span<const float> weight, std::span<const float> bias, int inputs, int outputs,
               const LinearOptions& options)
    : impl_(new Impl{inputs, outputs, options, !bias.empty(), {}, {}, {}, {}, {}, {}, {}}) {
  if (weight.size() != static_cast<std::size_t>(inputs) * static_cast<std::size_t>(outputs) ||
      (!bias.empty() && bias.size() != static_cast<std::size_t>(outputs))) {
    throw Error(ErrorCode::kInternal, "the weight or bias of a linear layer has the wrong size");
  }
  memory::desc any({inputs, outputs}, to_dnnl(options.precision), memory::format_tag::any);
  impl_->weight_desc = impl_->describe(kTypicalRows, any).weights_desc();
  impl_->weight = as_memory(impl_->weight_desc, impl_->weight_bytes.get(impl_->weight_desc.get_size()));
  // PyTorch's [outputs, inputs] is the transposed matrix: the same bytes read as columns.
  memory::desc stored({inputs, outputs}, memory::data_type::f32, memory::format_tag::ba);
  memory source = as_memory(stored, weight.data());
  use_threads(1);
  dnnl::stream stream(cpu_engine());
  dnnl::reorder(source, impl_->weight).execute(stream, source, impl_->weight);
  stream.wait();
  if (!bias.empty()) {
    impl_->bias = memory(matrix(1, outputs, memory::data_type::f32), cpu_engine());
    std::copy(bias.begin(), bias.end(), static_cast<float*>(impl_->bias.get_data_handle()));
  }
  impl_->prepare_skinny_gemm();
}

Linear::~Linear() = default;
Linear::Linear(Linear&&) noexcept = default;

int Linear::inputs() const {
  return impl_->inputs;
}
int Linear::outputs() const {
  return impl_->outputs;
}

void Linear::run(Workspace& workspace, const void* x, int rows, void* y) const {
  const int threads = rows <= kSkinnyGemmRows ? workspace.team : 1;
  if (impl_->skinny_gemm && rows <= kSkinnyGemmRows) {
    impl_->skinny_gemm->run(x, rows, y, threads);
    return;
  }
  const Impl::Product& product = impl_->product(rows, threads);
  std::unordered_map<int, memory> arguments{
      {DNNL_ARG_SRC, as_memory(product.x, x)},
      {DNNL_ARG_WEIGHTS, impl_->weight},
      {DNNL_ARG_DST, as_memory(product.y, y)},
      {DNNL_ARG_SCRATCHPAD, as_memory(product.scratchpad, workspace.scratchpad.get(product.scratchpad.get_size()))}};
  if (impl_->has_bias) arguments.emplace(DNNL_ARG_BIAS, impl_->bias);
  product.primitive.execute(workspace.stream(threads).value, arguments);
}

}  // namespace clipseek::nn

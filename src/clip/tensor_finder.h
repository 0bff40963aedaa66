// Finds tensors below a common prefix.
#pragma once

#include <string>

#include "nn/safetensors.h"
#include "nn/transformer.h"

namespace clipseek::clip {

// Each name is appended to `prefix`; each lookup throws the Errors of SafetensorsFile::get.
class TensorFinder {
 public:
  TensorFinder(const nn::SafetensorsFile& file, std::string prefix) : file_(file), prefix_(std::move(prefix)) {}

  const nn::TensorView& get(const std::string& name, const std::vector<std::int64_t>& shape) const {
    return file_.get(prefix_ + name, shape);
  }
  nn::NormTensors norm(const std::string& name, std::int64_t width) const {
    return {get(name + ".weight", {width}), get(name + ".bias", {width})};
  }
  nn::LinearTensors linear(const std::string& name, std::int64_t outputs, std::int64_t inputs) const {
    return {get(name + ".weight", {outputs, inputs}), get(name + ".bias", {outputs})};
  }
  // Returns part 0 (query), 1 (key) or 2 (value) of PyTorch's fused projection `name`_weight [3 W, W] and `name`_bias.
  nn::LinearTensors fused(const std::string& name, std::int64_t width, std::int64_t part) const {
    return {rows(get(name + "_weight", {3 * width, width}), part * width, width),
            rows(get(name + "_bias", {3 * width}), part * width, width)};
  }

 private:
  // Returns rows [first, first + count) of a tensor.
  static nn::TensorView rows(nn::TensorView tensor, std::int64_t first, std::int64_t count) {
    std::size_t row = tensor.shape[0] == 0 ? 0 : tensor.bytes.size() / static_cast<std::size_t>(tensor.shape[0]);
    tensor.bytes = tensor.bytes.subspan(static_cast<std::size_t>(first) * row, static_cast<std::size_t>(count) * row);
    tensor.shape[0] = count;
    return tensor;
  }

  const nn::SafetensorsFile& file_;
  std::string prefix_;
};

}  // namespace clipseek::clip

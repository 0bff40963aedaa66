#include "clip/fingerprint.h"

#include <algorithm>
#include <cstring>

namespace clipseek::clip {
namespace {

constexpr std::size_t kSample = 1024;  // bytes from each end of a tensor

class Digest {
 public:
  void add(std::span<const std::byte> bytes) {
    number(bytes.size());
    data_.insert(data_.end(), bytes.begin(), bytes.end());
  }
  void add(std::string_view text) { add(std::as_bytes(std::span(text))); }
  void number(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) data_.push_back(static_cast<std::byte>(value >> (8 * i) & 0xffU));
  }
  void number(float value) { number(std::uint64_t{std::bit_cast<std::uint32_t>(value)}); }
  std::string hex() const { return base::content_hash(data_); }

 private:
  std::vector<std::byte> data_;
};

void add_transformer(Digest& digest, const nn::TransformerConfig& config) {
  for (int value : {config.width, config.heads, config.hidden, config.layers, static_cast<int>(config.activation)}) {
    digest.number(static_cast<std::uint64_t>(value));
  }
  digest.number(config.epsilon);
}

void add_preprocess(Digest& digest, const image::PreprocessConfig& config) {
  for (int value : {config.resize, config.crop, static_cast<int>(config.mode), static_cast<int>(config.filter)}) {
    digest.number(static_cast<std::uint64_t>(value));
  }
  // Rounding toward zero adds nothing, so that stored fingerprints of Hugging Face models stay valid.
  const bool crops = config.mode == image::ResizeMode::kShortestEdge;
  if (crops && config.crop_rounding == image::CropRounding::kHalfToEven) digest.number(std::uint64_t{1});
  for (float value : config.mean) digest.number(value);
  for (float value : config.std) digest.number(value);
}

}  // namespace

std::string model_fingerprint(const ModelConfig& config, const nn::SafetensorsFile& weights,
                              std::string_view vocabulary) {
  Digest digest;
  add_transformer(digest, config.text.transformer);
  add_transformer(digest, config.image.transformer);
  for (int value : {config.text.context, config.text.end_token, config.image.image, config.image.patch}) {
    digest.number(static_cast<std::uint64_t>(value));
  }
  add_preprocess(digest, config.preprocess);
  digest.add(vocabulary);
  std::vector<const nn::TensorView*> by_name;
  for (const nn::TensorView& tensor : weights.tensors()) by_name.push_back(&tensor);
  std::sort(by_name.begin(), by_name.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
  for (const nn::TensorView* tensor : by_name) {
    if (tensor->dtype == nn::DType::kOther) continue;  // position_ids and similar tensors, which are not read
    digest.add(tensor->name);
    digest.number(static_cast<std::uint64_t>(tensor->dtype));
    std::size_t sample = std::min(kSample, tensor->bytes.size());
    digest.add(tensor->bytes.first(sample));
    digest.add(tensor->bytes.last(sample));
  }
  return digest.hex();
}

}  // namespace clipseek::clip

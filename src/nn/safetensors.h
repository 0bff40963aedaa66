// The safetensors file format (huggingface.co/docs/safetensors, "Format"): 8 bytes little-endian header length, a JSON
// header of tensors, then their bytes. docs/formats.md says what clipseek checks.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/mapped_file.h"
#include "nn/tensor.h"

namespace clipseek::nn {

class SafetensorsFile {
 public:
  // Maps the file and checks the whole header. Throws Error: kNotFound, kUnreadable; kCorrupt naming the file and the
  // tensor for a header that is too long or no JSON, a tensor listed twice, a size that does not follow from dtype and
  // shape, and bytes outside the file or shared by two tensors.
  explicit SafetensorsFile(const std::filesystem::path& path);

  // The tensor of that name; null where there is none. Lives as long as the file object.
  const TensorView* find(const std::string& name) const;

  // The tensor of that name and shape. Throws Error kModelMismatch naming file, tensor and both shapes, or the dtype
  // where it is neither F32, F16 nor BF16.
  const TensorView& get(const std::string& name, const std::vector<std::int64_t>& shape) const;

  // All tensors, by their place in the file.
  const std::vector<TensorView>& tensors() const { return tensors_; }
  std::string_view header() const { return header_; }
  const std::filesystem::path& path() const { return file_.path(); }

 private:
  base::MappedFile file_;
  std::string_view header_;
  std::vector<TensorView> tensors_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

}  // namespace clipseek::nn

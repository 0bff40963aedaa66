// The safetensors file format (huggingface.co/docs/safetensors, "Format"): 8 bytes little-endian header length, a JSON
// header of tensors, then their bytes. docs/formats.md lists what clipseek checks.
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
  // tensor for a header that is too long or not JSON, a tensor listed twice, a size that does not match dtype and
  // shape, and bytes outside the file or shared by two tensors.
  explicit SafetensorsFile(const std::filesystem::path& path);

  // Returns the tensor of that name; a null pointer where there is none. It lives as long as this object.
  const TensorView* find(const std::string& name) const;

  // Returns the tensor of that name and shape. Throws Error naming file and tensor: kModelMismatch where it is missing
  // or has another shape, kUnsupported where its dtype is neither F32, F16 nor BF16.
  const TensorView& get(const std::string& name, const std::vector<std::int64_t>& shape) const;

  // All tensors in the order of their bytes in the file.
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

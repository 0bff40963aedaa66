// Tensors as they lie in a file, and the memory that computations use.
//
// Shapes are written in one alphabet in all of nn/ and clip/: B images, T tokens, W width, H heads, D = W / H, F width
// of the feed-forward layer, E numbers in an embedding. All tensors are dense, the last dimension fastest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace clipseek::nn {

enum class DType { kF32, kF16, kBf16, kOther };

// A tensor inside a mapped file; the file owns the bytes. They may lie at any alignment.
struct TensorView {
  std::string name;
  DType dtype = DType::kOther;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;

  std::int64_t elements() const;
};

// Widens elements [first, first + out.size()) to f32: exact for every stored type. The dtype must not be kOther.
void to_f32(const TensorView& tensor, std::int64_t first, std::span<float> out);
std::vector<float> to_f32(const TensorView& tensor);

// What a tower computes in: matrix products in this type with f32 sums; the residual stream, layer norms and softmax
// are f32 in either.
enum class Precision { kF32, kBf16 };
inline std::size_t element_size(Precision precision) {
  return precision == Precision::kF32 ? 4 : 2;
}

// Uninitialised memory, aligned to a cache line, in huge pages where it is large and the system gives them. Grows;
// never shrinks.
class Buffer {
 public:
  // At least `bytes` bytes; what was there before is lost.
  void* get(std::size_t bytes);

 private:
  struct Free {
    void operator()(void* pointer) const;
  };
  std::unique_ptr<void, Free> data_;
  std::size_t size_ = 0;
};

}  // namespace clipseek::nn

// Tensors as stored in a file, and the memory that computations use.
//
// Shapes in nn/ and clip/ use these letters: B images, T tokens, W width, H heads, D = W / H, F width of the
// feed-forward layer, E dimension of an embedding. All tensors are dense, and the last dimension varies fastest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace clipseek::nn {

enum class DType { kF32, kF16, kBf16, kOther };

// A tensor inside a mapped file, which owns the bytes. The bytes may have any alignment.
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

// The precision of a tower: the type of the operands of its matrix products, whose sums are f32. The residual stream,
// layer norms and softmax are f32 in both.
enum class Precision { kF32, kBf16 };
inline std::size_t element_size(Precision precision) {
  return precision == Precision::kF32 ? 4 : 2;
}

// Uninitialised memory, aligned to a cache line, in huge pages where it is large and the system provides them. It grows
// and never shrinks.
class Buffer {
 public:
  // Returns at least `bytes` bytes; the previous content is lost.
  void* get(std::size_t bytes);

 private:
  struct Free {
    void operator()(void* pointer) const;
  };
  std::unique_ptr<void, Free> data_;
  std::size_t size_ = 0;
};

}  // namespace clipseek::nn

#include "nn/tensor.h"

#include <sys/mman.h>

#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>

#include "base/multiversion.h"
#include "clipseek/error.h"

namespace clipseek::nn {
namespace {

// Converts IEEE 754 binary16 to binary32 without branches: a multiplication by 2^112 adjusts the exponent, also for
// subnormals; infinity and NaN get their exponent separately.
inline float half_to_float(std::uint16_t half) {
  std::uint32_t magnitude = static_cast<std::uint32_t>(half & 0x7fffU) << 13;
  float scaled = std::bit_cast<float>(magnitude) * 0x1p112F;
  std::uint32_t bits = std::bit_cast<std::uint32_t>(scaled) | (magnitude >= 0x0f800000U ? 0x7f800000U : 0U);
  return std::bit_cast<float>(bits | (static_cast<std::uint32_t>(half & 0x8000U) << 16));
}

CLIPSEEK_MULTIVERSION void widen_f16(const std::byte* from, std::size_t count, float* out) {
  for (std::size_t i = 0; i < count; ++i) {
    std::uint16_t half = 0;
    std::memcpy(&half, from + 2 * i, 2);
    out[i] = half_to_float(half);
  }
}

CLIPSEEK_MULTIVERSION void widen_bf16(const std::byte* from, std::size_t count, float* out) {
  for (std::size_t i = 0; i < count; ++i) {
    std::uint16_t high = 0;
    std::memcpy(&high, from + 2 * i, 2);
    out[i] = std::bit_cast<float>(static_cast<std::uint32_t>(high) << 16);
  }
}

}  // namespace

std::int64_t TensorView::elements() const {
  std::int64_t count = 1;
  for (std::int64_t extent : shape) count *= extent;
  return count;
}

void to_f32(const TensorView& tensor, std::int64_t first, std::span<float> out) {
  std::size_t width = tensor.dtype == DType::kF32 ? 4 : 2;
  const std::byte* from = tensor.bytes.data() + static_cast<std::size_t>(first) * width;
  if ((static_cast<std::size_t>(first) + out.size()) * width > tensor.bytes.size()) {
    throw Error(ErrorCode::kInternal, "read past the end of tensor " + tensor.name);
  }
  switch (tensor.dtype) {
    case DType::kF32:
      std::memcpy(out.data(), from, out.size_bytes());
      return;
    case DType::kF16:
      widen_f16(from, out.size(), out.data());
      return;
    case DType::kBf16:
      widen_bf16(from, out.size(), out.data());
      return;
    case DType::kOther:
      break;
  }
  throw Error(ErrorCode::kUnsupported, "tensor " + tensor.name + " is neither F32, F16 nor BF16");
}

std::vector<float> to_f32(const TensorView& tensor) {
  std::vector<float> values(static_cast<std::size_t>(tensor.elements()));
  to_f32(tensor, 0, values);
  return values;
}

void Buffer::Free::operator()(void* pointer) const {
  std::free(pointer);
}

void* Buffer::get(std::size_t bytes) {
  if (bytes > size_) {
    constexpr std::size_t kLine = 64;
    constexpr std::size_t kHugePage = std::size_t{2} << 20;
    std::size_t alignment = bytes >= kHugePage ? kHugePage : kLine;
    std::size_t rounded = (bytes + alignment - 1) / alignment * alignment;
    data_.reset();
    size_ = 0;
    data_.reset(std::aligned_alloc(alignment, rounded));
    if (!data_) throw std::bad_alloc();
    // Huge pages need fewer address translations when weights are read from end to end. The call is only advice, so its
    // result is ignored.
    if (alignment == kHugePage) ::madvise(data_.get(), rounded, MADV_HUGEPAGE);
    size_ = rounded;
  }
  return data_.get();
}

}  // namespace clipseek::nn

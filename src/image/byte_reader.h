// Bounded reads of numbers from untrusted bytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace clipseek::image {

using Bytes = std::span<const std::uint8_t>;

enum class ByteOrder { kLittle, kBig };

// Reads one number after another. A read past the end returns 0 and makes ok() false permanently, so that a parser can
// read a whole structure and check once.
class ByteReader {
 public:
  ByteReader(Bytes bytes, ByteOrder order) : bytes_(bytes), order_(order) {}

  bool ok() const { return ok_; }
  std::size_t position() const { return position_; }
  std::size_t remaining() const { return bytes_.size() - position_; }

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }

  // Reads a number of `size` bytes, 0 to 8; a number of 0 bytes is 0.
  std::uint64_t number(std::size_t size) {
    std::uint64_t value = 0;
    const Bytes taken = take(size);
    for (std::size_t i = 0; i < taken.size(); ++i)
      value = value << 8 | taken[order_ == ByteOrder::kBig ? i : taken.size() - 1 - i];
    return value;
  }

  // Returns the next `size` bytes; an empty span where fewer remain.
  Bytes take(std::uint64_t size) {
    if (size > remaining()) {
      ok_ = false;
      position_ = bytes_.size();
      return {};
    }
    const Bytes taken = bytes_.subspan(position_, static_cast<std::size_t>(size));
    position_ += taken.size();
    return taken;
  }

  void seek(std::uint64_t position) {
    ok_ = ok_ && position <= bytes_.size();
    position_ = static_cast<std::size_t>(std::min<std::uint64_t>(position, bytes_.size()));
  }

 private:
  Bytes bytes_;
  ByteOrder order_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace clipseek::image

#include "ros2/cdr.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

static_assert(std::endian::native == std::endian::little, "CdrWriter writes the bytes of values as they are in memory");

constexpr std::size_t kEncapsulationBytes = 4;

// Returns how many bytes of padding precede a value of `size` bytes at `offset`.
std::size_t padding(std::size_t offset, std::size_t size) {
  return (size - offset % size) % size;
}

Error truncated() {
  return Error(ErrorCode::kCorrupt, "the message ends inside a field");
}

void reverse_each(std::span<std::byte> values, std::size_t size) {
  for (std::size_t i = 0; i < values.size(); i += size) {
    std::reverse(values.begin() + static_cast<std::ptrdiff_t>(i),
                 values.begin() + static_cast<std::ptrdiff_t>(i + size));
  }
}

}  // namespace

CdrWriter::CdrWriter() : bytes_{std::byte{0}, std::byte{1}, std::byte{0}, std::byte{0}} {}

// An empty array has no padding.
void CdrWriter::append(std::span<const std::byte> values, std::size_t alignment) {
  if (values.empty()) return;
  bytes_.resize(bytes_.size() + padding(bytes_.size() - kEncapsulationBytes, alignment));
  bytes_.insert(bytes_.end(), values.begin(), values.end());
}

void CdrWriter::write_length(std::size_t length) {
  if (length > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorCode::kLimitExceeded, std::to_string(length) + " elements do not fit into a message");
  }
  write(static_cast<std::uint32_t>(length));
}

void CdrWriter::write_string(std::string_view text) {
  write_length(text.size() + 1);
  write_array(text.data(), text.size());
  write('\0');
}

CdrReader::CdrReader(std::span<const std::byte> bytes) {
  // 00 00 is big-endian and 00 01 little-endian CDR; a reader does not need the two option bytes that follow.
  bool plain = bytes.size() >= kEncapsulationBytes && bytes[0] == std::byte{0} && bytes[1] <= std::byte{1};
  if (!plain) throw Error(ErrorCode::kCorrupt, "the message does not begin with a plain CDR encapsulation");
  body_ = bytes.subspan(kEncapsulationBytes);
  swapped_ = bytes[1] == std::byte{0};
}

void CdrReader::copy(std::span<std::byte> values, std::size_t size) {
  if (values.empty()) return;
  const std::size_t skipped = padding(position_, size);
  if (skipped > remaining() || values.size() > remaining() - skipped) throw truncated();
  std::memcpy(values.data(), body_.data() + position_ + skipped, values.size());
  position_ += skipped + values.size();
  if (swapped_ && size > 1) reverse_each(values, size);
}

// A byte other than 0 and 1 in a bool is undefined behaviour in C++, so it is refused here.
void CdrReader::read_bools(bool* values, std::size_t count) {
  if (count > remaining()) throw truncated();
  for (std::size_t i = 0; i < count; ++i) {
    const std::byte value = body_[position_++];
    if (value > std::byte{1}) throw Error(ErrorCode::kCorrupt, "the message has an invalid value in a bool field");
    values[i] = value == std::byte{1};
  }
}

std::size_t CdrReader::read_length(std::size_t min_element_bytes) {
  std::size_t length = read<std::uint32_t>();
  if (length > remaining() / min_element_bytes) {
    throw Error(ErrorCode::kCorrupt, "the message declares " + std::to_string(length) + " elements where only " +
                                         std::to_string(remaining()) + " bytes follow");
  }
  return length;
}

// The length includes the terminating NUL; some writers send length 0 for an empty string.
std::string CdrReader::read_string() {
  std::string text(read_length(1), '\0');
  read_array(text.data(), text.size());
  if (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

}  // namespace clipseek::ros2

// CDR, the encoding of ROS 2 messages on the wire: XCDR version 1, "plain CDR" of the DDS-XTypes specification 1.3,
// clause 7.4.3. docs/ros2.md summarizes the rules.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace clipseek::ros2 {

using Bytes = std::vector<std::byte>;

// bool, integers of 8 to 64 bits, float, double, and std::byte (IDL's octet).
template <typename T>
concept CdrPrimitive = std::is_arithmetic_v<T> || std::same_as<T, std::byte>;

// Writes one message: the 4-byte encapsulation for little-endian CDR, then the fields in order. A primitive is aligned
// to its size, counted from the end of the encapsulation; padding is zero.
class CdrWriter {
 public:
  CdrWriter();

  template <CdrPrimitive T>
  void write(T value) {
    write_array(&value, 1);
  }
  template <CdrPrimitive T>
  void write_array(const T* values, std::size_t count) {
    append(std::as_bytes(std::span(values, count)), sizeof(T));
  }
  // Writes a 32-bit length. Throws Error kLimitExceeded above 2^32-1.
  void write_length(std::size_t length);
  void write_string(std::string_view text);

  // Returns the bytes that were written. Call it last.
  Bytes take() { return std::move(bytes_); }

 private:
  void append(std::span<const std::byte> values, std::size_t alignment);

  Bytes bytes_;
};

// Reads one message from `bytes`, which must outlive the reader, in either byte order. Trailing bytes are ignored.
// Every function throws Error kCorrupt when the bytes end too early or a value is invalid; a length is checked against
// the remaining bytes before anything is allocated for it.
class CdrReader {
 public:
  explicit CdrReader(std::span<const std::byte> bytes);

  template <CdrPrimitive T>
  T read() {
    T value{};
    read_array(&value, 1);
    return value;
  }
  template <CdrPrimitive T>
  void read_array(T* values, std::size_t count) {
    if constexpr (std::same_as<T, bool>) {
      static_assert(sizeof(bool) == 1);
      read_bools(values, count);
    } else {
      copy(std::as_writable_bytes(std::span(values, count)), sizeof(T));
    }
  }
  // Reads the number of elements that follow; each element takes at least `min_element_bytes` (>= 1) bytes.
  std::size_t read_length(std::size_t min_element_bytes);
  std::string read_string();
  std::size_t remaining() const { return body_.size() - position_; }

 private:
  void copy(std::span<std::byte> values, std::size_t size);
  void read_bools(bool* values, std::size_t count);

  std::span<const std::byte> body_;  // the message without its encapsulation
  std::size_t position_ = 0;         // in body_, at most its size
  bool swapped_ = false;             // the message has the other byte order
};

}  // namespace clipseek::ros2

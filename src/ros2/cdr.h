// CDR, the encoding of ROS 2 messages on the wire: XCDR version 1, "plain CDR" of the DDS-XTypes specification 1.3,
// clause 7.4.3. docs/ros2.md summarizes the rules. The implementation uses Fast CDR, which only cdr.cpp includes.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace clipseek::ros2 {

using Bytes = std::vector<std::byte>;

// bool, integers of 8 to 64 bits, float, double, and std::byte (IDL's octet).
template <typename T>
concept CdrPrimitive = std::is_arithmetic_v<T> || std::same_as<T, std::byte>;

// Writes one message: the 4-byte encapsulation for little-endian CDR, then the fields in order.
class CdrWriter {
 public:
  CdrWriter();
  ~CdrWriter();
  CdrWriter(const CdrWriter&) = delete;
  CdrWriter& operator=(const CdrWriter&) = delete;

  template <CdrPrimitive T>
  void write(T value);
  template <CdrPrimitive T>
  void write_array(const T* values, std::size_t count);
  // Writes a 32-bit length. Throws Error kLimitExceeded above 2^32-1.
  void write_length(std::size_t length);
  void write_string(std::string_view text);

  // Returns the bytes that were written. Call it last.
  Bytes take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Reads one message from `bytes`, which must outlive the reader, in either byte order. Trailing bytes are ignored.
// Every function throws Error kCorrupt when the bytes end too early or a value is invalid; a length is checked against
// the remaining bytes before anything is allocated for it.
class CdrReader {
 public:
  explicit CdrReader(std::span<const std::byte> bytes);
  ~CdrReader();
  CdrReader(const CdrReader&) = delete;
  CdrReader& operator=(const CdrReader&) = delete;

  template <CdrPrimitive T>
  T read();
  template <CdrPrimitive T>
  void read_array(T* values, std::size_t count);
  // Reads the number of elements that follow; each element takes at least `min_element_bytes` (>= 1) bytes.
  std::size_t read_length(std::size_t min_element_bytes);
  std::string read_string();
  std::size_t remaining() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clipseek::ros2

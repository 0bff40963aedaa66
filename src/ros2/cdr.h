// CDR, the encoding of ROS 2 messages on the wire: XCDR version 1, "plain CDR" of the DDS-XTypes specification 1.3,
// clause 7.4.3. docs/ros2.md has the rules in short. Fast CDR does the work and stays inside cdr.cpp.
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

// Writes one message: the 4 bytes that say "CDR, little-endian", then the fields in order.
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
  // A length word. Throws Error kLimitExceeded above 2^32-1.
  void write_length(std::size_t length);
  void write_string(std::string_view text);

  // What has been written; the writer is done after it.
  Bytes take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Reads one message from `bytes`, which must outlive the reader: either byte order, trailing bytes ignored. Every read
// throws Error kCorrupt where the bytes end too early or hold no such value; no length is believed before that many
// bytes are there.
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
  // The number of elements that follow, each of which takes `min_element_bytes` (1 at least) or more.
  std::size_t read_length(std::size_t min_element_bytes);
  std::string read_string();
  std::size_t remaining() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clipseek::ros2

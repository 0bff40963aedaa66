// Identifiers on the wire.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

namespace clipseek::ros2 {

// A DDS GUID: 12 bytes for the participant, then 4 bytes for the endpoint within it.
struct Guid {
  std::array<std::uint8_t, 16> bytes{};

  std::array<std::uint8_t, 12> participant() const {
    std::array<std::uint8_t, 12> prefix;
    for (std::size_t i = 0; i < prefix.size(); ++i) prefix[i] = bytes[i];
    return prefix;
  }
  bool is_unknown() const { return *this == Guid{}; }
  auto operator<=>(const Guid&) const = default;
};

// Identifies a request of a service.
struct RequestId {
  Guid client;
  std::int64_t sequence = 0;
  auto operator<=>(const RequestId&) const = default;
};

// Random bytes from the operating system, used as goal ids.
std::array<std::uint8_t, 16> random_id();

// The bytes as hexadecimal digits, for logs.
std::string hex_text(const std::array<std::uint8_t, 16>& bytes);

}  // namespace clipseek::ros2

// For tests: reference encodings of messages, written by tools/ros2_golden.py, which shares no code with this folder.
#pragma once

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <map>
#include <span>
#include <string>

#include "ros2/testing/test_messages.h"
#include "ros2/type_info.h"

namespace clipseek::ros2 {

struct Golden {
  std::string hash;
  std::size_t size = 0;
  std::string hex;
};

// The references by type name. Each line of the file is "type hash size hex".
inline std::map<std::string, Golden> read_golden() {
  std::ifstream file(CLIPSEEK_SOURCE_DIR "/tests/golden/ros2_messages.txt");
  std::map<std::string, Golden> all;
  std::string name;
  Golden golden;
  while (file >> name >> golden.hash >> golden.size >> golden.hex) all[name] = golden;
  return all;
}

inline std::string hex(std::span<const std::byte> bytes) {
  std::string text;
  for (std::byte byte : bytes) {
    text += "0123456789abcdef"[std::to_integer<int>(byte) >> 4];
    text += "0123456789abcdef"[std::to_integer<int>(byte) & 15];
  }
  return text;
}

// Compares the type hash, the length and the bytes of the message's example (for a large one only the first bytes) with
// the reference. Returns a description of the first difference, or an empty string.
template <typename M>
std::string golden_difference(const std::map<std::string, Golden>& golden) {
  auto found = golden.find(M::type_name());
  if (found == golden.end()) return M::type_name() + " is not in the file";
  const Golden& expected = found->second;
  Bytes bytes = serialize(*example<M>());
  std::string shown = hex(std::span(bytes).first(std::min(bytes.size(), expected.hex.size() / 2)));
  if (type_info<M>().hash != expected.hash) return M::type_name() + " has the hash " + type_info<M>().hash;
  if (bytes.size() != expected.size) return M::type_name() + " has the length " + std::to_string(bytes.size());
  return shown == expected.hex ? "" : M::type_name() + " has the bytes " + shown;
}

}  // namespace clipseek::ros2
